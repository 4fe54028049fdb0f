namespace LivePatch.Boot.Modules;

/// <summary>Module names as the kernel spells them.</summary>
internal static class ModuleName
{
    private static readonly string[] Suffixes = [".ko", ".ko.gz", ".ko.xz", ".ko.zst"];

    /// <summary>The name of the module in a file: no directory, no suffix, underscores for dashes.</summary>
    public static string FromPath(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var suffix in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                name = name[..^suffix.Length];
                break;
            }
        }

        return name.Replace('-', '_');
    }

    /// <summary>True for the name of a file, false for a bare module name.</summary>
    public static bool IsPath(string text) =>
        text.Contains('/', StringComparison.Ordinal) || Suffixes.Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal));
}

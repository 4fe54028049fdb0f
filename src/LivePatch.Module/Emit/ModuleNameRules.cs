namespace LivePatch.Module.Emit;

/// <summary>Names of livepatch modules.</summary>
public static class ModuleNameRules
{
    /// <summary>MODULE_NAME_LEN is 64 - sizeof(unsigned long) (include/linux/module.h, Linux 6.1), terminator included.</summary>
    public const int MaximumLength = 55;

    /// <summary>livepatch-NAME after the patch's file name, with what a module's name cannot have replaced; "livepatch-patch" for several.</summary>
    public static string FromPatches(IReadOnlyList<string> patches)
    {
        var stem = patches.Count == 1 ? Path.GetFileNameWithoutExtension(patches[0]) : "patch";
        if (stem.StartsWith("livepatch-", StringComparison.Ordinal))
        {
            stem = stem["livepatch-".Length..];
        }

        var name = "livepatch-" + string.Concat(stem.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
        return name.Length <= MaximumLength ? name : name[..MaximumLength];
    }

    /// <summary>True for a name that Kbuild and the kernel take.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}

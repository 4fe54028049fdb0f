using System.Text.RegularExpressions;

namespace LivePatch.Build.Kbuild;

/// <summary>Reads from a directory's makefile how an object is built. Only plain lines are understood; what is computed
/// by make functions is not, and then there is no answer.</summary>
internal static partial class KbuildRules
{
    /// <summary>True when the object is listed in lib-y: it goes into lib.a.</summary>
    public static bool IsLibraryObject(string tree, string objectPath) =>
        Lines(tree, objectPath).Any(line => LibraryLine().IsMatch(line.Split('=')[0]) && Lists(line, objectPath));

    /// <summary>
    /// The objects a source file goes into: its own, or those of the files that include it as text (kernel/sched/stats.c
    /// is part of build_utility.o). A source that the makefile lists is compiled by itself.
    /// </summary>
    public static IReadOnlyList<string> ObjectsOf(string tree, string source)
    {
        var own = Path.ChangeExtension(source, ".o");
        if (Lines(tree, own).Any(line => Lists(line, own)))
        {
            return [own];
        }

        var directory = Path.GetDirectoryName(source) ?? string.Empty;
        var absolute = Path.Combine(tree, directory);
        if (!Directory.Exists(absolute))
        {
            return [own];
        }

        var include = new Regex($@"^\s*#\s*include\s*""{Regex.Escape(Path.GetFileName(source))}""", RegexOptions.CultureInvariant);
        var includers = Directory.EnumerateFiles(absolute, "*.c")
            .Where(file => File.ReadLines(file).Any(include.IsMatch))
            .Select(file => Path.Combine(directory, Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .ToList();
        return includers.Count == 0 ? [own] : [.. includers.SelectMany(includer => ObjectsOf(tree, includer)).Distinct()];
    }

    /// <summary>Which configuration option keeps an object from being built; null when that cannot be told.</summary>
    public static string? WhyNotBuilt(string tree, string objectPath)
    {
        foreach (var line in Lines(tree, objectPath).Where(line => Lists(line, objectPath)))
        {
            var option = ConfigOption().Match(line.Split('=')[0]);
            if (option.Success)
            {
                return $"{Path.GetDirectoryName(objectPath)}/Makefile builds it only with {option.Groups[1].Value}, which this kernel does not set.";
            }
        }

        return null;
    }

    private static IEnumerable<string> Lines(string tree, string objectPath)
    {
        var directory = Path.Combine(tree, Path.GetDirectoryName(objectPath) ?? string.Empty);
        var file = (string[])["Kbuild", "Makefile"];
        var path = file.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        return path is null
            ? []
            : File.ReadAllText(path).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(static line => line.Contains('=', StringComparison.Ordinal));
    }

    private static bool Lists(string line, string objectPath) =>
        line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Contains(Path.GetFileName(objectPath), StringComparer.Ordinal);

    [GeneratedRegex(@"^\s*lib-")]
    private static partial Regex LibraryLine();

    [GeneratedRegex(@"\$\((CONFIG_\w+)\)")]
    private static partial Regex ConfigOption();
}

using System.Text.RegularExpressions;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>Reads from a directory's makefile how an object is built. Only plain lines are understood; what is computed
/// by make functions is not, and then there is no answer.</summary>
public static partial class KbuildRules
{
    /// <summary>True when the object is listed in lib-y: it goes into lib.a.</summary>
    public static bool IsLibraryObject(string tree, string objectPath) =>
        Lines(tree, objectPath).Any(line => LibraryLine().IsMatch(line.Split('=')[0]) && Lists(line, objectPath));

    /// <summary>True when the object's directory's makefile names it in a list.</summary>
    public static bool IsListed(string tree, string objectPath) => Lines(tree, objectPath).Any(line => Lists(line, objectPath));

    /// <summary>
    /// The objects a source file goes into: its own, or those of the files that include it as text (kernel/sched/stats.c
    /// is part of build_utility.o). A source that the makefile lists is compiled by itself. Sources that include each other and are in
    /// no list lead to nothing else than themselves.
    /// </summary>
    public static IReadOnlyList<string> ObjectsOf(string tree, string source)
    {
        var (objects, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal) { source });
        var queue = new Queue<string>(seen);
        while (queue.TryDequeue(out var part))
        {
            var own = Path.ChangeExtension(part, ".o");
            var includers = Lines(tree, own).Any(line => Lists(line, own)) ? [] : Includers(tree, part);
            if (includers.Count == 0)
            {
                objects.Add(own);
            }

            foreach (var includer in includers.Where(seen.Add))
            {
                queue.Enqueue(includer);
            }
        }

        return objects.Count == 0 ? [Path.ChangeExtension(source, ".o")] : objects;
    }

    private static List<string> Includers(string tree, string source)
    {
        var directory = Path.GetDirectoryName(source) ?? string.Empty;
        var absolute = Path.Combine(tree, directory);
        if (!Directory.Exists(absolute))
        {
            return [];
        }

        var include = new Regex($@"^\s*#\s*include\s*""{Regex.Escape(Path.GetFileName(source))}""", RegexOptions.CultureInvariant);
        return [.. Directory.EnumerateFiles(absolute, "*.c")
            .Where(file => File.ReadLines(file).Any(include.IsMatch))
            .Select(file => Path.Combine(directory, Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The program of the kernel's own build that a source is compiled into, by the makefile of its directory or the one above; null for none.</summary>
    public static string? ProgramOf(string tree, string source)
    {
        for (var directory = Path.GetDirectoryName(source) ?? string.Empty; directory.Length > 0; directory = Path.GetDirectoryName(directory) ?? string.Empty)
        {
            var own = Path.ChangeExtension(source[(directory.Length + 1)..], ".o");
            var lines = Lines(tree, directory + "/x.o").ToList();
            foreach (var program in lines.Where(static line => ProgramLine().IsMatch(line)).SelectMany(Words))
            {
                if (own == program + ".o" || lines.Any(line => PartsLine(line, program) && Words(line).Contains(own)))
                {
                    return $"{directory}/{program}";
                }
            }

            if (own.Contains('/', StringComparison.Ordinal))
            {
                break;
            }
        }

        return null;
    }

    private static bool PartsLine(string line, string program) =>
        line.TrimStart().StartsWith(program + "-", StringComparison.Ordinal) && line.TrimStart()[(program.Length + 1)..].TrimStart() is { } rest
        && (rest.StartsWith("objs", StringComparison.Ordinal) || rest.StartsWith('y'));

    private static string[] Words(string line) =>
        line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Which configuration option keeps an object, or a directory above it, from being built; null when none is known to.
    /// Kbuild compiles any single object it is asked for, configured or not, so this must be asked first.
    /// </summary>
    public static string? WhyNotBuilt(string tree, string objectPath)
    {
        var configuration = Path.Combine(tree, "include/config/auto.conf");
        if (!File.Exists(configuration))
        {
            return null;
        }

        var set = File.ReadLines(configuration).Select(static line => line.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        for (var item = objectPath; item.Contains('/', StringComparison.Ordinal); item = Path.GetDirectoryName(item.TrimEnd('/')) + "/")
        {
            if (MissingOption(tree, item, set) is { } option)
            {
                return $"{Path.GetDirectoryName(item.TrimEnd('/'))}/Makefile builds {Path.GetFileName(item.TrimEnd('/'))} only with {option}, which this kernel does not set.";
            }

            if (Path.GetDirectoryName(item.TrimEnd('/')) is null or "")
            {
                break;
            }
        }

        return null;
    }

    /// <summary>The option every line that lists an item depends on, when none of them is set.</summary>
    private static string? MissingOption(string tree, string item, HashSet<string> set)
    {
        string? missing = null;
        foreach (var line in Lines(tree, item.TrimEnd('/')).Where(line => Lists(line, item)))
        {
            var option = ConfigOption().Match(line.Split('=')[0]);
            if (!option.Success || set.Contains(option.Groups[1].Value))
            {
                return null;
            }

            missing = option.Groups[1].Value;
        }

        return missing;
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
            .Contains(objectPath.EndsWith('/') ? Path.GetFileName(objectPath.TrimEnd('/')) + "/" : Path.GetFileName(objectPath), StringComparer.Ordinal);

    [GeneratedRegex(@"^\s*lib-")]
    private static partial Regex LibraryLine();

    [GeneratedRegex(@"^\s*(?:host|user)progs[\w-]*(?:\$\(CONFIG_\w+\))?\s*[:+]?=")]
    private static partial Regex ProgramLine();

    [GeneratedRegex(@"\$\((CONFIG_\w+)\)")]
    private static partial Regex ConfigOption();
}

using LivePatch.Core.IO;
using LivePatch.Kbuild.Database;

namespace LivePatch.Kbuild.Generated;

/// <summary>
/// What the command that generates a file reads, and which of it is data.
///
/// What stands in the place of a program, is given to an interpreter, or has any other name than data usually has is taken for a program.
/// The patch may not change programs, so one taken for data by mistake would be run, and the other way round is only refused.
/// </summary>
internal static class GeneratorCommand
{
    private const int LargestSource = 1 << 20;

    private static readonly char[] Separators = [
        ' ', '\t', '\n', '\'', '"', ';', '|', '&', '<', '>', '(', ')', '{', '}', '`', '=', ',', '\\'];

    private static readonly string[] Interpreters = [
        "sh", "bash", "dash", "perl", "python", "python3", "bc", "make", "env", "xargs", "ruby", "lua"];

    private static readonly HashSet<string> DataExtensions =
    [
        ".h", ".tbl", ".txt", ".map", ".uni", ".asn1", ".uc", ".c_shipped", ".h_shipped", ".S_shipped", ".inc_shipped", string.Empty,
    ];

    /// <summary>The words of a command that may be paths, made relative to the tree.</summary>
    public static IReadOnlyList<string> Paths(string command) =>
        [.. command.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .Where(
                static word =>
                    word.Length > 1 && !word.StartsWith('-') && !word.StartsWith('/')
                        && (word.Contains('/', StringComparison.Ordinal) || word.Contains('.', StringComparison.Ordinal)))
            .Select(static word => TreePath.Combine(string.Empty, word.StartsWith("./", StringComparison.Ordinal) ? word[2..] : word))
            .Where(static word => !word.StartsWith("..", StringComparison.Ordinal)).Distinct()];

    /// <summary>What a file is made from: what the makefile says, what the command names, and files of the tree whose paths stand in the
    /// text of the program or script itself, which opens them without the makefile knowing.</summary>
    public static IReadOnlySet<string> Inputs(GeneratedFile file, string root)
    {
        var inputs = file.Prerequisites.Concat(Paths(file.Command)).ToHashSet(StringComparer.Ordinal);
        inputs.Remove(file.Path);
        foreach (var program in inputs.SelectMany(path => (string[])[path, path + ".c"]).Where(path => IsProgramText(root, path)).ToList())
        {
            inputs.UnionWith(File.ReadAllText(Path.Combine(root, program)).Split(Separators, StringSplitOptions.RemoveEmptyEntries)
                .Where(
                    word =>
                        word.StartsWith("include/", StringComparison.Ordinal) || word.StartsWith("arch/", StringComparison.Ordinal)
                            || word.StartsWith("drivers/", StringComparison.Ordinal))
                .Where(word => File.Exists(Path.Combine(root, word))));
        }

        return inputs;
    }

    /// <summary>True when the command only reads a file, and nothing of it is run.</summary>
    public static bool IsData(GeneratedFile file, string path, string root)
    {
        if (file.IsHostProgram || !DataExtensions.Contains(Path.GetExtension(path)) || StartsWithInterpreter(Path.Combine(root, path)))
        {
            return false;
        }

        var words =
            file.Command.Split([' ', '\t', '\n', ';', '|', '&', '<', '>', '(', ')', '{', '}', '`'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static word => word.Trim('\'', '"')).ToList();
        for (var index = 0; index < words.Count; index++)
        {
            if (TreePath.Combine(
                string.Empty, words[index].StartsWith("./", StringComparison.Ordinal) ? words[index][2..] : words[index]) != path)
            {
                continue;
            }

            // The first word is run, and what follows -f or -e, and the first file after the name of an interpreter.
            var before = words.Take(index).ToList();
            if (before.Count == 0 || before[^1] is "-f" or "-e" or "-c" or "." or "source" or "exec"
                || before.TrueForAll(static word => word.Contains('=', StringComparison.Ordinal))
                || Array.IndexOf(
                    Interpreters, Path.GetFileName(before.FindLast(static word => !word.StartsWith('-')) ?? string.Empty)) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsProgramText(string root, string path) =>
        Path.GetExtension(path) is ".c" or ".sh" or ".pl" or ".py" or ".awk" or ""
            && new FileInfo(Path.Combine(root, path)) is { Exists: true, Length: < LargestSource } file
        && (Path.GetExtension(path).Length > 0 || StartsWithInterpreter(file.FullName));

    private static bool StartsWithInterpreter(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        using var stream = File.OpenRead(file);
        return stream.ReadByte() == '#' && stream.ReadByte() == '!';
    }
}

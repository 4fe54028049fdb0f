using System.Text;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Database;

/// <summary>What a kernel's build generates, with what each file comes before those that are made from it.</summary>
/// <param name="Files">The files.</param>
/// <param name="Variables">The environment that the kernel's top Makefile gives to commands.</param>
public sealed record GeneratedFiles(IReadOnlyList<GeneratedFile> Files, IReadOnlyDictionary<string, string> Variables)
{
    private const string Suffix = ".generated";

    /// <summary>Puts what evaluations left (Rules/directory.mk) into one text.</summary>
    /// <param name="outputs">Their directories.</param>
    public static string Join(IEnumerable<string> outputs)
    {
        var text = new StringBuilder();
        foreach (var part in outputs.SelectMany(static output => System.IO.Directory.EnumerateFiles(output, "*" + Suffix))
            .Order(StringComparer.Ordinal))
        {
            // "." and everything below it.
            var name = System.IO.Path.GetFileName(part)[..^Suffix.Length].Replace('+', '/');
            foreach (var line in File.ReadAllText(part).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append(name).Append('\t').Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Reads the lines: directory, file, rule, prerequisites, command.</summary>
    public static GeneratedFiles Read(string text, IReadOnlyDictionary<string, string> variables)
    {
        var files = new Dictionary<string, GeneratedFile>(StringComparer.Ordinal);
        foreach (var words in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split('\t', 5))
            .Where(static words => words.Length == 5))
        {
            // A command may write the same file that another one names too; the first is as good.
            var path = Normal(words[1]);
            files.TryAdd(path, new GeneratedFile(
                path,
                words[0],
                words[2],
                [.. words[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Normal).Distinct()],
                words[4].Replace('\x01', '\n').Trim()));
        }

        var sorted = new List<GeneratedFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files.Values.OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            Add(file);
        }

        return new GeneratedFiles(sorted, variables);

        void Add(GeneratedFile file)
        {
            if (!seen.Add(file.Path))
            {
                return;
            }

            foreach (var before in file.Prerequisites)
            {
                if (files.TryGetValue(before, out var made))
                {
                    Add(made);
                }
            }

            sorted.Add(file);
        }
    }

    private static string Normal(string path) =>
        TreePath.Combine(string.Empty, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);
}

using LivePatch.TestSupport;

namespace LivePatch.Core.Tests;

/// <summary>
/// Lines of our own C# sources fit into 140 columns. Files that are older than the rule are listed with the number of their long lines in
/// long-lines.txt, by their names alone since files move: the numbers only go down, and a file that is not listed has none.
/// </summary>
public sealed class SourceWidthTests
{
    private const int Columns = 140;

    private static readonly string[] Parts = ["src", "tests"];

    [Fact]
    public void no_line_is_longer_than_140_columns()
    {
        var root = RepositoryRoot.Path;
        var allowed = File.ReadLines(Path.Combine(root, "tests", "LivePatch.Core.Tests", "long-lines.txt"))
            .Select(static line => line.Split(' '))
            .ToDictionary(static words => words[0], static words => int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
        var files = Parts
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(root, part), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 300, $"only {files.Count} files were found");
        foreach (var group in files.GroupBy(Path.GetFileName))
        {
            var found = group.SelectMany(path => File.ReadLines(path)
                .Select((line, index) => (Line: line, Text: $"{Path.GetRelativePath(root, path)}:{index + 1}"))
                .Where(static item => item.Line.Length > Columns)
                .Select(static item => item.Text)).ToList();
            Assert.True(
                found.Count <= allowed.GetValueOrDefault(group.Key!),
                $"{found.Count} lines are longer than {Columns} columns: {string.Join(", ", found)}");
        }
    }
}

using System.Reflection;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Tests.Fixtures;

namespace LivePatch.Diff.Tests;

/// <summary>Every id of the engine has a case that provokes it and an entry in the documentation.</summary>
public sealed class FixtureCoverageTests
{
    /// <summary>What two compiled C files cannot provoke, why, and the test that does.</summary>
    public static TheoryData<string, string, string, string> NotFromC => new()
    {
        { "LP0401", "one compiler makes objects of one kind", "LivePatch.Diff.Tests/UnreadablePairTests.cs", "objects_with_different_headers_are_refused" },
        { "LP0402", "a compiler's output is relocatable", "LivePatch.Diff.Tests/UnreadablePairTests.cs", "a_linked_file_is_refused" },
        { "LP0407", "said by the pipeline about a build as a whole", "LivePatch.Cli.Tests/BuildCommandTests.cs", "a_comment_is_no_change" },
        { "LP0461", "whether the livepatch replaces others is known to a build only", "LivePatch.Diff.Tests/RefusalTextTests.cs", "a_new_variable_is_told" },
        { "LP0475", "said about all objects of a patch", "LivePatch.Cli.Tests/DiffCommandTests.cs", "names_that_nothing_has_are_told" },
        { "LP0524", "which functions lose their landing pads is known from the kernel's image", "LivePatch.Module.Tests/ModuleSymbolResolverTests.cs", "a_pointer_to_a_function_that_loses_its_landing_pad_is_refused" },
    };

    public static TheoryData<string> Ids => [.. Descriptors().Select(static descriptor => descriptor.Id)];

    public static TheoryData<string> IdsFromC =>
        [.. Ids.Select(static row => row.Data).Except(NotFromC.Select(static row => row.Data.Item1))];

    [Theory]
    [MemberData(nameof(IdsFromC))]
    public void every_id_has_a_case(string id) =>
        Assert.True(HasCase(id), $"no case of kernel-fixtures provokes {id}");

    [Theory]
    [MemberData(nameof(NotFromC))]
    public void an_id_without_a_case_has_a_test(string id, string reason, string file, string test)
    {
        Assert.Contains(Descriptors(), descriptor => descriptor.Id == id);
        Assert.False(HasCase(id), $"{id} has a case now, although {reason}: take it out of the list");

        // The test that provokes it, up to the next member's attribute.
        var text = File.ReadAllText(Path.Combine(FixtureCatalog.Root, "..", "tests", file));
        var start = text.IndexOf($" {test}(", StringComparison.Ordinal);
        Assert.True(
            start > 0
                && text.LastIndexOf("    [", start, StringComparison.Ordinal) > text.LastIndexOf(";\n", start, StringComparison.Ordinal),
            $"{file} has no test {test}");
        var end = text.IndexOf("\n    [", start, StringComparison.Ordinal);
        Assert.Contains($"\"{id}\"", text[start..(end < 0 ? text.Length : end)], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void every_id_is_documented_with_its_title(string id)
    {
        var title = Descriptors().First(descriptor => descriptor.Id == id).Title;
        var text = File.ReadAllText(Path.Combine(FixtureCatalog.Root, "..", "src", "DIAGNOSTICS.md"));
        Assert.Contains($"### {id} {title}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ids_are_unique_and_in_their_blocks()
    {
        var ids = Descriptors().Select(static descriptor => descriptor.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Descriptors(), static descriptor =>
            Assert.StartsWith(descriptor.Kind == DiagnosticKind.Refusal ? "LP05" : "LP04", descriptor.Id, StringComparison.Ordinal));
    }

    [Fact]
    public void there_are_enough_cases_and_each_is_explained()
    {
        Assert.True(FixtureCatalog.Cases.Values.Select(static fixture => fixture.Name).Distinct().Count() >= 60);
        foreach (var fixture in FixtureCatalog.Cases.Values)
        {
            Assert.StartsWith("# ", File.ReadAllText(Path.Combine(fixture.Directory, "expected.txt")), StringComparison.Ordinal);
        }
    }

    private static bool HasCase(string id) =>
        FixtureCatalog.Cases.Values.Any(fixture => fixture.Refusals.Concat(fixture.Notes).Any(finding => finding.Id == id));

    private static IEnumerable<DiagnosticDescriptor> Descriptors() =>
        new[] { typeof(DiffRefusals), typeof(DiffDiagnostics) }
            .SelectMany(static type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(static field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>();
}

using System.Reflection;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Tests.Fixtures;

namespace LivePatch.Diff.Tests;

/// <summary>Every id of the engine has a case that provokes it and an entry in the documentation.</summary>
public sealed class FixtureCoverageTests
{
    /// <summary>What two compiled C files cannot provoke, and why.</summary>
    private static readonly Dictionary<string, string> NotFromC = new(StringComparer.Ordinal)
    {
        ["LP0401"] = "one compiler makes objects of one kind; UnreadablePairTests has the case",
        ["LP0402"] = "a compiler's output is relocatable; UnreadablePairTests has the case",
        ["LP0407"] = "said by the pipeline about a build as a whole; LivePatch.Cli.Tests has the case",
        ["LP0523"] = "which definition runs is known from the kernel's symbols; KernelSymbolResolverTests has the case",
    };

    public static TheoryData<string> Ids => [.. Descriptors().Select(static descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void every_id_has_a_case(string id)
    {
        var has = FixtureCatalog.Cases.Values.Any(fixture => fixture.Refusals.Concat(fixture.Notes).Any(finding => finding.Id == id));
        if (NotFromC.TryGetValue(id, out var reason))
        {
            Assert.False(has, $"{id} has a case now: take it out of the list");
            Assert.Skip(reason);
        }

        Assert.True(has, $"no case of kernel-fixtures provokes {id}");
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

    private static IEnumerable<DiagnosticDescriptor> Descriptors() =>
        new[] { typeof(DiffRefusals), typeof(DiffDiagnostics) }
            .SelectMany(static type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(static field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>();
}

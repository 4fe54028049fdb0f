using System.Reflection;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Every diagnostic has an id of its own in its layer's block, and src/DIAGNOSTICS.md documents exactly those.</summary>
public sealed partial class DiagnosticCoverageTests
{
    private static readonly (string Assembly, string[] Blocks)[] Blocks =
    [
        ("LivePatch.Core", ["LP00"]),
        ("LivePatch.Elf", ["LP01"]),
        ("LivePatch.Kernel", ["LP02"]),
        ("LivePatch.Diff", ["LP04", "LP05"]),
        ("LivePatch.Module", ["LP03", "LP06", "LP070"]),
        ("LivePatch.Proof", ["LP075", "LP076", "LP077"]),
        ("LivePatch.Patches", ["LP03"]),
        ("LivePatch.Kbuild", ["LP03"]),
        ("LivePatch.Pipeline", ["LP03"]),
        ("LivePatch.Boot", ["LP08"]),
        ("klp-build", ["LP09"]),
    ];

    [Fact]
    public void ids_are_unique()
    {
        var repeated =
            Descriptors()
                .GroupBy(static item => item.Descriptor.Id)
                .Where(static group => group.Count() > 1)
                .Select(static group => group.Key);
        Assert.Empty(repeated);
    }

    [Fact]
    public void ids_are_in_their_layers_block()
    {
        var all = Descriptors().ToList();
        Assert.True(all.Count > 100, $"only {all.Count} descriptors were found");
        Assert.All(
            all,
            static item =>
                Assert.Contains(
                    Blocks.Single(block => block.Assembly == item.Assembly).Blocks,
                    block => item.Descriptor.Id.StartsWith(block, StringComparison.Ordinal)));
    }

    [Fact]
    public void every_diagnostic_has_a_remedy_and_a_title()
    {
        Assert.All(Descriptors(), static item =>
        {
            Assert.NotEmpty(item.Descriptor.Title);
            Assert.NotEmpty(item.Descriptor.Remedy);
        });
    }

    [Fact]
    public void every_diagnostic_is_documented_under_its_title()
    {
        var documented = Documented();
        var missing = Descriptors()
            .Where(item => !documented.TryGetValue(item.Descriptor.Id, out var title) || title != item.Descriptor.Title)
            .Select(static item => $"### {item.Descriptor.Id} {item.Descriptor.Title}");
        Assert.Empty(missing);
    }

    [Fact]
    public void every_documented_id_exists()
    {
        var known = Descriptors().Select(static item => item.Descriptor.Id).ToHashSet();
        Assert.DoesNotContain(Documented().Keys, id => !known.Contains(id));
    }

    private static IEnumerable<(string Assembly, DiagnosticDescriptor Descriptor)> Descriptors()
    {
        foreach (var (name, _) in Blocks)
        {
            foreach (var type in Assembly.Load(name).GetTypes())
            {
                foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    if (field.FieldType == typeof(DiagnosticDescriptor) && field.GetValue(null) is DiagnosticDescriptor descriptor)
                    {
                        yield return (name, descriptor);
                    }
                }
            }
        }
    }

    private static Dictionary<string, string> Documented() =>
        Heading().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src/DIAGNOSTICS.md")))
            .ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value.Trim());

    [GeneratedRegex(@"^### (LP\d{4}) (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

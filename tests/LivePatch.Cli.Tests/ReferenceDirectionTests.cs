using System.Text.RegularExpressions;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Layers refer to those before them and to nothing else of ours (src/ARCHITECTURE.md).</summary>
public sealed partial class ReferenceDirectionTests
{
    /// <summary>Every project with those it names; what these refer to comes with them. The order is the list's: no project names a later one.</summary>
    private static readonly (string Project, string[] References)[] Layers =
    [
        ("Core", []),
        ("Elf", ["Core"]),
        ("Kernel", ["Elf"]),
        ("Diff", ["Kernel"]),
        ("Module", ["Diff"]),
        ("Proof", ["Kernel"]),
        ("Patches", ["Core"]),
        ("Kbuild", ["Kernel", "Patches"]),
        ("Pipeline", ["Kbuild", "Module", "Proof"]),
        ("Boot", ["Module"]),
        ("Cli", ["Boot", "Pipeline"]),
    ];

    [Fact]
    public void project_references_are_those_of_the_list_and_lead_back_only()
    {
        var source = Path.Combine(RepositoryRoot.Path, "src");
        Assert.Equal(Layers.Select(static layer => "LivePatch." + layer.Project).Order(), Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order());
        var earlier = new HashSet<string>();
        foreach (var (name, references) in Layers)
        {
            var project = File.ReadAllText(Path.Combine(source, $"LivePatch.{name}/LivePatch.{name}.csproj"));
            Assert.Equal(references, Reference().Matches(project).Select(static match => match.Groups[1].Value).Order());
            Assert.Subset(earlier, references.ToHashSet());
            earlier.Add(name);
        }
    }

    [GeneratedRegex(@"ProjectReference Include=""\.\./LivePatch\.(\w+)/")]
    private static partial Regex Reference();
}

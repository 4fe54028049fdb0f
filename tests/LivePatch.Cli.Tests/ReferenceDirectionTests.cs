using System.Text.RegularExpressions;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Layers refer to the one below them and to nothing else of ours (src/ARCHITECTURE.md).</summary>
public sealed partial class ReferenceDirectionTests
{
    private static readonly string[] Chain = ["Core", "Elf", "Kernel", "Diff", "Module", "Build", "Boot", "Cli"];

    [Fact]
    public void project_references_form_one_chain()
    {
        var source = Path.Combine(RepositoryRoot.Path, "src");
        Assert.Equal(Chain.Select(static name => "LivePatch." + name).Order(), Directory.GetDirectories(source, "LivePatch.*").Select(Path.GetFileName).Order());
        for (var index = 0; index < Chain.Length; index++)
        {
            var project = File.ReadAllText(Path.Combine(source, $"LivePatch.{Chain[index]}/LivePatch.{Chain[index]}.csproj"));
            var references = Reference().Matches(project).Select(static match => match.Groups[1].Value).ToArray();
            Assert.Equal(index == 0 ? [] : [Chain[index - 1]], references);
        }
    }

    [Fact]
    public void machine_facts_stay_behind_the_architecture_seam()
    {
        // R_X86_64_* numbers and instruction bytes are the surest sign of a machine's facts in the wrong place.
        var offenders = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/Architecture/", StringComparison.Ordinal)
                && !path.Contains("/LivePatch.Elf/", StringComparison.Ordinal))
            .Where(static path => File.ReadAllText(path).Contains("X64RelocationType", StringComparison.Ordinal));
        Assert.Empty(offenders);
    }

    [GeneratedRegex(@"ProjectReference Include=""\.\./LivePatch\.(\w+)/")]
    private static partial Regex Reference();
}

using System.Text.RegularExpressions;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>The proof shares no judgement with what makes modules: it knows ELF, the machine and the target, and nothing else of
/// ours.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Known = ["LivePatch.Core", "LivePatch.Elf", "LivePatch.Kernel"];

    [Fact]
    public void the_assembly_refers_to_no_other_layer() =>
        Assert.Empty(typeof(ModuleProof).Assembly.GetReferencedAssemblies().Select(static name => name.Name!)
            .Where(static name => name.StartsWith("LivePatch", StringComparison.Ordinal)).Except(Known));

    [Fact]
    public void the_project_refers_to_the_kernel_layer_alone() =>
        Assert.Equal(["LivePatch.Kernel"], Project().Matches(File.ReadAllText(Path.Combine(Source(), "LivePatch.Proof.csproj")))
            .Select(static match => match.Groups[1].Value));

    [Fact]
    public void no_source_names_what_makes_modules()
    {
        var files = Directory.GetFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 10, $"only {files.Count} sources were found");
        Assert.DoesNotContain(files, static path => Foreign().IsMatch(File.ReadAllText(path)));
    }

    // Not by the compiler's word for this file: a build for CI gives sources other paths.
    private static string Source() => Path.Combine(RepositoryRoot.Path, "src", "LivePatch.Proof");

    [GeneratedRegex(@"ProjectReference Include=""\.\./([\w.]+)/")]
    private static partial Regex Project();

    [GeneratedRegex(@"LivePatch\.(Diff|Module|Build|Patches|Kbuild|Pipeline|Boot|Cli)\b|klp\.pending|klp_new_|klp_hosted")]
    private static partial Regex Foreign();
}

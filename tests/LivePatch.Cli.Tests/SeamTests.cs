using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Facts of a machine stay in its folder, facts of a distribution in theirs (src/ARCHITECTURE.md).</summary>
public sealed class SeamTests
{
    private static readonly string[] Endings = [".cs", ".sh"];

    [Fact]
    public void no_machine_and_no_distribution_is_named_outside_its_seam()
    {
        var root = RepositoryRoot.Path;
        var files = Directory.GetFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path))
            .Where(static path => Endings.Contains(Path.GetExtension(path)) && !path.Split('/').Intersect(["obj", "bin"]).Any())
            .ToList();
        Assert.True(files.Count > 300, "The sources were not found.");
        Assert.Empty(files.SelectMany(path => SeamWords.Leaks(path, File.ReadAllText(Path.Combine(root, path)))));
    }

    [Theory]
    [InlineData("if (relocation.Type == X64RelocationType.Plt32)")]
    [InlineData("private const uint X64None = 0;")]
    [InlineData("(\".x86_cpu_dev.init\", SectionClass.Init),")]
    [InlineData("Program = \"qemu-system-x86_64\",")]
    [InlineData("/// <summary>Image to boot, as shipped (bzImage).</summary>")]
    [InlineData("// e.g. 6.1.0-56-amd64")]
    [InlineData("new(2, \"R_X86_64_PC32\", 4),")]
    [InlineData("code[offset - 1] is 0xe8")]
    [InlineData("source.Header.Machine == ElfConstants.EmX8664")]
    [InlineData("function.StartsWith(Endbr64)")]
    [InlineData("symbol.Name == \"__fentry__\"")]
    [InlineData("\"Install it; on Debian: apt-get install busybox-static\"")]
    [InlineData("path is null ? $\"apt-get install {package}\" : string.Empty")]
    [InlineData("// sudo apt install it")]
    [InlineData("At(\"var/lib/dpkg/status\")")]
    [InlineData("\"Install the linux-image package of exactly the target kernel.\"", false)]
    [InlineData("\"linux-image-\" + release")]
    [InlineData("capture, adapt, aptitude, extent, 0xe80", false)]
    [InlineData("Address, export, register, description", false)]
    public void a_word_that_leaks_is_found(string line, bool isLeak = true)
    {
        Assert.Equal(isLeak, SeamWords.Leaks("src/LivePatch.Diff/Objects/Atom.cs", line).Any());
        Assert.Empty(SeamWords.Leaks(SeamWords.Distributions + "DebianDistribution.cs", line));
    }

    [Theory]
    [InlineData("private const uint X64None = 0;", false)]
    [InlineData("Run: sudo apt-get install make", true)]
    public void the_seam_of_the_machines_is_none_of_the_distributions(string line, bool isLeak) =>
        Assert.Equal(isLeak, SeamWords.Leaks(SeamWords.Machines + "X64/X64Architecture.cs", line).Any());
}

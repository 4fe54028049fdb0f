using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kernel.Tests.Targets;

public sealed class BuiltTreeTests : IDisposable
{
    private const string Release = "6.6.30-mine+";

    private readonly FakeDebian _debian = FakeDebian.Complete();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _directory.Dispose();
        _debian.Dispose();
    }

    [Theory]
    [InlineData("tree", null)]
    [InlineData("tree", "tree")]
    [InlineData(null, "tree")]
    public async Task a_tree_has_all_parts_of_the_kernel_built_in_it(string? source, string? headers)
    {
        Source("tree");
        Build("tree");

        var (target, diagnostics) = await FindAsync(source, headers);

        Assert.Empty(diagnostics);
        var tree = Path.Combine(_directory.Path, "tree");
        Assert.Equal((Release, tree, tree, tree), (target!.Release, target.SourcePath, target.HeadersDirectory, target.ModulesDirectory));
        Assert.Equal(
            (tree + "/vmlinux", tree + "/.config", tree + "/Module.symvers"),
            (target.ImagePath, target.ConfigPath, target.ModuleSymversPath));
        Assert.Equal(("gcc-12", "6.6.30", SourceKind.Directory), (target.Compiler, target.SourceVersion, target.SourceKind));
        Assert.Equal(File.GetLastWriteTimeUtc(tree + "/vmlinux"), target.BuiltAt);
    }

    [Theory]
    [InlineData("source", "build", "include /nowhere/Makefile\n", true)]
    [InlineData("build", null, "include ../source/Makefile\n", false)]
    [InlineData("build", null, "# made by Kbuild\n", true)]
    [InlineData(null, "build", "include ../source/Makefile\n", false)]
    public async Task a_build_directory_of_its_own_is_found_from_either_side(string? source, string? headers, string makefile, bool hasLink)
    {
        Source("source");
        Build("build");
        _directory.Write("build/Makefile", makefile);
        if (hasLink)
        {
            File.CreateSymbolicLink(Path.Combine(_directory.Path, "build/source"), Path.Combine(_directory.Path, "source"));
        }

        var (target, diagnostics) = await FindAsync(source, headers);

        Assert.Empty(diagnostics);
        Assert.Equal(Path.Combine(_directory.Path, "source"), target!.SourcePath);
        Assert.Equal(Path.Combine(_directory.Path, "build"), target.HeadersDirectory);
        Assert.Equal(Path.Combine(_directory.Path, "build/vmlinux"), target.ImagePath);
    }

    [Fact]
    public async Task what_is_configured_and_not_built_is_said_to_be_that()
    {
        Source("tree");
        Build("tree");
        File.Delete(Path.Combine(_directory.Path, "tree/vmlinux"));

        var (_, diagnostics) = await FindAsync("tree", null);

        var found = Assert.Single(diagnostics);
        Assert.Equal("LP0250", found.Id);
        Assert.Contains("vmlinux is missing", found.Text, StringComparison.Ordinal);
        Assert.Contains($"make -C {_directory.Path}/tree", found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_configuration_newer_than_the_kernel_is_not_the_kernel_s()
    {
        Source("tree");
        Build("tree");
        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "tree/vmlinux"), DateTime.UtcNow.AddHours(-1));

        var (_, diagnostics) = await FindAsync("tree", null);

        Assert.Equal("LP0251", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public async Task a_tree_without_modules_built_lacks_its_exports()
    {
        Source("tree");
        Build("tree");
        File.Delete(Path.Combine(_directory.Path, "tree/Module.symvers"));

        var (_, diagnostics) = await FindAsync("tree", null);

        var found = Assert.Single(diagnostics);
        Assert.Equal("LP0235", found.Id);
        Assert.Contains("make -C", found.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_configured_source_may_be_given_for_a_packaged_kernel()
    {
        Source("tree");
        Build("tree");

        Assert.Null(TargetKernelFinder.FindTree(
            new TargetKernelOptions { Release = FakeDebian.Release, SourcePath = Path.Combine(_directory.Path, "tree") },
            new DebianDistribution(_debian.Root)));
        Assert.Null(BuiltTree.TryFind(null, _debian.Root + "/usr/src/linux-headers-6.1.0-56-amd64"));
        Assert.NotNull((await FindAsync("tree", null)).Target);
    }

    [Theory]
    [InlineData("6.6.30-mine+", true)]
    [InlineData("6.6.30", true)]
    [InlineData("6.6.30+", true)]
    [InlineData("6.6.30-rc3-dirty", true)]
    [InlineData("6.6.3-mine", false)]
    [InlineData("6.6.301", false)]
    public async Task releases_of_one_s_own_name_their_source(string release, bool agrees)
    {
        Source("tree");
        Build("tree");
        var target = (await FindAsync("tree", null)).Target!;
        var banner =
            BannerInfo.TryParse(
                $"Linux version {release} (me@here) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld 2.40) #3 SMP Wed Nov 25 2026")!;

        Assert.Equal(agrees, TargetKernelChecks.CheckSource(target, banner) is null);
        Assert.Equal(release == Release, TargetKernelChecks.CheckRelease(target, banner) is null);
    }

    private void Source(string name)
    {
        _directory.Write(name + "/Makefile", "VERSION = 6\nPATCHLEVEL = 6\nSUBLEVEL = 30\n");
        _directory.Write(name + "/Kbuild", string.Empty);
        _directory.Write(name + "/Kconfig", string.Empty);
    }

    private void Build(string name)
    {
        _directory.Write(name + "/.config", File.ReadAllText(_debian.Root + "/usr/src/linux-headers-6.1.0-56-amd64/.config"));
        _directory.Write(name + "/include/generated/utsrelease.h", $"#define UTS_RELEASE \"{Release}\"\n");
        _directory.Write(name + "/Module.symvers", "0x1\tx\tvmlinux\tEXPORT_SYMBOL\t\n");
        _directory.Write(name + "/vmlinux", "an image");
    }

    private async Task<(TargetKernel? Target, DiagnosticBag Diagnostics)> FindAsync(string? source, string? headers) =>
        await _debian.FindAsync(new TargetKernelOptions { SourcePath = Full(source), HeadersPath = Full(headers) });

    private string? Full(string? name) => name is null ? null : Path.Combine(_directory.Path, name);
}

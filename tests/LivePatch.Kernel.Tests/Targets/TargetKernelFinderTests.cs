using System.Formats.Tar;
using System.IO.Compression;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kernel.Tests.Targets;

public sealed class TargetKernelFinderTests
{
    [Fact]
    public async Task all_parts_of_the_only_kernel_are_found()
    {
        using var debian = FakeDebian.Complete();
        var compiler = new FakeCompiler(FakeCompiler.Debian12);

        var (target, diagnostics) = await debian.FindAsync(compiler: compiler);

        Assert.Empty(diagnostics);
        Assert.Equal(FakeDebian.Release, target!.Release);
        Assert.Equal(debian.Root + "/usr/src/linux-headers-6.1.0-56-amd64", target.HeadersDirectory);
        Assert.Equal(debian.Root + "/usr/src/linux-headers-6.1.0-56-common", target.CommonHeadersDirectory);
        Assert.Equal(target.HeadersDirectory + "/.config", target.ConfigPath);
        Assert.Equal(target.HeadersDirectory + "/Module.symvers", target.ModuleSymversPath);
        Assert.Equal(debian.Root + "/boot/vmlinuz-6.1.0-56-amd64", target.ImagePath);
        Assert.Equal(debian.Root + "/lib/modules/6.1.0-56-amd64", target.ModulesDirectory);
        Assert.Equal(debian.Root + "/usr/src/linux-source-6.1.tar.xz", target.SourcePath);
        Assert.Equal((SourceKind.Tarball, "6.1.192", "6.1.192-2"), (target.SourceKind, target.SourceVersion, target.SourcePackageVersion));
        Assert.Equal(("gcc-12", FakeCompiler.Debian12), (target.Compiler, target.CompilerText));
        Assert.Equal("x86", target.Architecture.KbuildName);
        Assert.Equal(["gcc-12 --version"], compiler.Commands);
    }

    [Fact]
    public async Task everything_missing_is_reported_at_once_with_the_command_that_installs_it()
    {
        using var debian = new FakeDebian();

        var (_, diagnostics) = await debian.FindAsync(new TargetKernelOptions { Release = FakeDebian.Release });

        Assert.Equal(["LP0233", "LP0234", "LP0236", "LP0238", "LP0237"], diagnostics.Select(static d => d.Id));
        Assert.Equal("Run: sudo apt-get install linux-headers-6.1.0-56-amd64", diagnostics[0].Remedy);
        Assert.Equal("Run: sudo apt-get install linux-image-6.1.0-56-amd64", diagnostics[2].Remedy);
        Assert.Equal("Run: sudo apt-get install linux-source-6.1", diagnostics[4].Remedy);
    }

    [Theory]
    [InlineData("usr/src/linux-headers-6.1.0-56-amd64/Module.symvers", "LP0235")]
    [InlineData("boot/vmlinuz-6.1.0-56-amd64", "LP0236")]
    [InlineData("usr/src/linux-source-6.1.tar.xz", "LP0237")]
    [InlineData("lib/modules/6.1.0-56-amd64/modules.order", "LP0238")]
    public async Task one_missing_part_is_one_diagnostic(string path, string id)
    {
        using var debian = FakeDebian.Complete();
        File.Delete(Path.Combine(debian.Root, path));

        var (_, diagnostics) = await debian.FindAsync();

        Assert.Equal(id, Assert.Single(diagnostics).Id);
    }

    [Fact]
    public async Task no_kernel_at_all_is_a_diagnostic_of_its_own()
    {
        using var debian = new FakeDebian();

        var (_, diagnostics) = await debian.FindAsync();

        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0231", diagnostic.Id);
        Assert.Contains("apt-get install linux-image-amd64", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task of_several_kernels_the_running_one_is_taken_else_the_choice_is_listed()
    {
        using var debian = FakeDebian.Complete();
        debian.Headers("6.1.0-55-amd64");
        debian.Image("6.1.0-55-amd64");

        var (_, diagnostics) = await debian.FindAsync();
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0232", diagnostic.Id);
        Assert.Contains("6.1.0-55-amd64, 6.1.0-56-amd64", diagnostic.Text, StringComparison.Ordinal);

        debian.Write("proc/sys/kernel/osrelease", "6.1.0-55-amd64\n");
        Assert.Equal("6.1.0-55-amd64", (await debian.FindAsync()).Target!.Release);
        Assert.Equal(
            FakeDebian.Release, (await debian.FindAsync(new TargetKernelOptions { Release = FakeDebian.Release })).Target!.Release);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../6.1")]
    [InlineData("6.1 x")]
    [InlineData("-k")]
    public async Task a_release_that_is_none_is_refused(string release)
    {
        using var debian = FakeDebian.Complete();

        Assert.Equal("LP0239", Assert.Single((await debian.FindAsync(new TargetKernelOptions { Release = release })).Diagnostics).Id);
    }

    [Fact]
    public async Task a_source_of_another_version_than_the_image_is_an_error_with_the_exact_command()
    {
        using var debian = FakeDebian.Complete();
        debian.Status(("linux-source-6.1", "6.1.176-1"));

        var diagnostic = Assert.Single((await debian.FindAsync()).Diagnostics);

        Assert.Equal("LP0242", diagnostic.Id);
        Assert.Contains("6.1.176-1", diagnostic.Text, StringComparison.Ordinal);
        Assert.StartsWith("Run: sudo apt-get install linux-source-6.1=6.1.192-2 ", diagnostic.Remedy, StringComparison.Ordinal);
        var (target, accepted) = await debian.FindAsync(new TargetKernelOptions { SkipVersionCheck = true });
        Assert.NotNull(target);
        Assert.Equal("LP0246", Assert.Single(accepted).Id);
    }

    [Fact]
    public async Task headers_of_another_package_version_than_the_image_are_an_error()
    {
        using var debian = FakeDebian.Complete();
        debian.Headers(packageVersion: "6.1.192-1");

        var diagnostic = Assert.Single((await debian.FindAsync()).Diagnostics);

        Assert.Equal("LP0243", diagnostic.Id);
        Assert.Contains("linux-headers-6.1.0-56-amd64=6.1.192-2", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task parts_of_another_release_are_an_error()
    {
        using var debian = FakeDebian.Complete();
        var image = debian.Write("other", FakeDebian.BzImageSaying("6.1.0-55-amd64 (a@b) #1 SMP Debian 6.1.192-2 (2026-11-16)"));

        Assert.Equal("LP0241", Assert.Single((await debian.FindAsync(new TargetKernelOptions { ImagePath = image })).Diagnostics).Id);

        debian.Write("usr/src/linux-headers-6.1.0-56-amd64/include/generated/utsrelease.h", "#define UTS_RELEASE \"6.1.0-55-amd64\"\n");
        Assert.Equal("LP0241", Assert.Single((await debian.FindAsync()).Diagnostics).Id);
    }

    [Fact]
    public async Task another_compiler_is_an_error_that_can_be_accepted()
    {
        using var debian = FakeDebian.Complete();
        var other = new FakeCompiler("gcc-12 (Debian 12.2.0-15) 12.2.1");

        var diagnostic = Assert.Single((await debian.FindAsync(compiler: other)).Diagnostics);
        Assert.Equal("LP0245", diagnostic.Id);
        Assert.StartsWith("Run: sudo apt-get install gcc-12=12.2.0-14+deb12u1", diagnostic.Remedy, StringComparison.Ordinal);

        var (target, accepted) = await debian.FindAsync(new TargetKernelOptions { SkipCompilerCheck = true }, other);
        Assert.NotNull(target);
        Assert.Equal(("LP0246", DiagnosticKind.Warning), (Assert.Single(accepted).Id, accepted[0].Kind));
    }

    [Fact]
    public async Task a_missing_compiler_is_an_error()
    {
        using var debian = FakeDebian.Complete();

        var diagnostic = Assert.Single((await debian.FindAsync(compiler: new FakeCompiler(null))).Diagnostics);

        Assert.Equal("LP0244", diagnostic.Id);
        Assert.StartsWith("Run: sudo apt-get install gcc-12", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_configuration_for_another_machine_is_an_error()
    {
        using var debian = FakeDebian.Complete();
        var config =
            debian.Write(
                "config",
                File.ReadAllText(debian.Root + "/usr/src/linux-headers-6.1.0-56-amd64/.config")
                    .Replace("X86_64", "ARM64", StringComparison.Ordinal));

        Assert.Equal("LP0202", Assert.Single((await debian.FindAsync(new TargetKernelOptions { ConfigPath = config })).Diagnostics).Id);
        Assert.Equal("LP0234", Assert.Single((await debian.FindAsync(new TargetKernelOptions { ConfigPath = "/nowhere" })).Diagnostics).Id);
    }

    [Fact]
    public async Task a_source_directory_tells_its_version_in_its_makefile()
    {
        using var debian = FakeDebian.Complete();
        debian.Write("src/Kbuild", "");
        debian.Write("src/Kconfig", "");
        var makefile = debian.Write("src/Makefile", "# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n");
        var options = new TargetKernelOptions { SourcePath = Path.GetDirectoryName(makefile) };

        var (target, diagnostics) = await debian.FindAsync(options);
        Assert.Empty(diagnostics);
        Assert.Equal((SourceKind.Directory, "6.1.192"), (target!.SourceKind, target.SourceVersion));

        File.WriteAllText(makefile, "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 176\n");
        Assert.Equal("LP0242", Assert.Single((await debian.FindAsync(options)).Diagnostics).Id);
        File.WriteAllText(makefile, "all:\n");
        Assert.Equal("LP0247", Assert.Single((await debian.FindAsync(options)).Diagnostics).Id);
        File.Delete(Path.GetDirectoryName(makefile) + "/Kbuild");
        Assert.Equal("LP0240", Assert.Single((await debian.FindAsync(options)).Diagnostics).Id);
        Assert.Equal("LP0240", Assert.Single((await debian.FindAsync(new TargetKernelOptions { SourcePath = "/nowhere" })).Diagnostics).Id);
    }

    [Fact]
    public async Task a_tarball_of_no_package_is_read_up_to_its_makefile()
    {
        using var debian = FakeDebian.Complete();
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            Add(writer, "linux-6.1/Documentation/Makefile", "VERSION = 9\nPATCHLEVEL = 9\nSUBLEVEL = 9\n");
            Add(writer, "linux-6.1/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n");
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        foreach (var (name, content) in new[] { ("linux.tar", tar.ToArray()), ("linux.tar.gz", packed.ToArray()) })
        {
            var (target, diagnostics) = await debian.FindAsync(new TargetKernelOptions { SourcePath = debian.Write(name, content) });
            Assert.Empty(diagnostics);
            Assert.Equal((SourceKind.Tarball, "6.1.192", null), (target!.SourceKind, target.SourceVersion, target.SourcePackageVersion));
        }

        var cut = debian.Write("cut.tar.gz", packed.ToArray()[..40]);
        Assert.Equal("LP0247", Assert.Single((await debian.FindAsync(new TargetKernelOptions { SourcePath = cut })).Diagnostics).Id);
    }

    [Fact]
    public async Task without_a_distribution_parts_are_found_where_make_install_puts_them()
    {
        using var root = new TemporaryDirectory();
        using var debian = FakeDebian.Complete();
        root.Write("proc/sys/kernel/osrelease", "6.6.30-mine\n");
        var build = "lib/modules/6.6.30-mine/build/";
        root.Write(build + "Makefile", "VERSION = 6\nPATCHLEVEL = 6\nSUBLEVEL = 30\n");
        root.Write(build + "Kbuild", "");
        root.Write(build + "Kconfig", "");
        root.Write(build + "Module.symvers", "");
        root.Write(build + "include/generated/utsrelease.h", "#define UTS_RELEASE \"6.6.30-mine\"\n");
        root.Write(build + ".config", File.ReadAllText(debian.Root + "/usr/src/linux-headers-6.1.0-56-amd64/.config"));
        root.Write("lib/modules/6.6.30-mine/modules.dep", "");
        root.Write("boot/vmlinuz-6.6.30-mine", FakeDebian.BzImageSaying("6.6.30-mine (a@b) #1 SMP"));
        var diagnostics = new DiagnosticBag();

        async Task<TargetKernel?> FindAsync(string source) => await TargetKernelFinder.FindAsync(
            new TargetKernelOptions { SourcePath = source }, new FakeCompiler(
                FakeCompiler.Debian12), diagnostics, CancellationToken.None, root: root.Path);

        var target = await FindAsync(Path.Combine(root.Path, build));
        Assert.Empty(diagnostics);
        Assert.Equal(("6.6.30-mine", "gcc-12", "6.6.30"), (target!.Release, target.Compiler, target.SourceVersion));

        root.Write(build + "Makefile", "VERSION = 6\nPATCHLEVEL = 6\nSUBLEVEL = 3\n");
        Assert.Null(await FindAsync(Path.Combine(root.Path, build)));
        Assert.Equal("LP0242", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public async Task the_rt_flavour_has_no_packaged_source()
    {
        const string RealTime = "6.1.0-56-rt-amd64";
        using var debian = FakeDebian.Complete();
        debian.Headers(RealTime);
        debian.Image(RealTime);

        var (_, diagnostics) = await debian.FindAsync(new TargetKernelOptions { Release = RealTime });

        var found = Assert.Single(diagnostics);
        Assert.Equal("LP0248", found.Id);
        Assert.Contains(RealTime, found.Text, StringComparison.Ordinal);
        Assert.Contains("PREEMPT_RT", found.Text, StringComparison.Ordinal);
        Assert.Contains("debian/patches-rt", found.Remedy, StringComparison.Ordinal);

        // A directory may have them; whether it does shows against the headers.
        debian.Write("rt/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n");
        debian.Write("rt/Kbuild", string.Empty);
        debian.Write("rt/Kconfig", string.Empty);
        Assert.NotNull((await debian.FindAsync(new TargetKernelOptions { Release = RealTime, SourcePath = debian.Root + "/rt" })).Target);
    }

    [Theory]
    [InlineData("6.12.117+deb12-amd64", "linux-headers-6.12.117+deb12-amd64", "linux-source-6.12")]
    [InlineData("6.1.0-56-cloud-amd64", "linux-headers-6.1.0-56-cloud-amd64", "linux-source-6.1")]
    public async Task remedies_name_the_packages_of_series_and_flavour(string release, string headers, string source)
    {
        using var debian = new FakeDebian();

        var (_, diagnostics) = await debian.FindAsync(new TargetKernelOptions { Release = release });

        Assert.Equal("Run: sudo apt-get install " + headers, diagnostics[0].Remedy);
        Assert.Equal("Run: sudo apt-get install " + source, diagnostics[^1].Remedy);
    }

    [Fact]
    public async Task a_rebuilt_image_is_of_the_same_source()
    {
        var banner =
            BannerInfo.TryParse(
                "Linux version 6.1.0-56-amd64 (a@b) (x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld 2.40) #1 SMP "
                    + "Debian 6.1.192-2+b1 (2026-11-16)")!;
        using var debian = FakeDebian.Complete();
        var target = (await debian.FindAsync()).Target!;

        Assert.Null(TargetKernelChecks.CheckSource(target, banner));
        Assert.Null(TargetKernelChecks.CheckCompiler(target, banner.CompilerText));
        Assert.Equal(
            "LP0242", TargetKernelChecks.CheckSource(target with { SourcePackageVersion = null, SourceVersion = "6.1.191" }, banner)!.Id);
        Assert.Equal(
            ["LP0241", "LP0243", "LP0245"],
            TargetKernelChecks.Check(target with { Release = "x", CompilerText = "gcc-12 y" }, banner).Select(static d => d.Id));
    }

    [Fact]
    public async Task the_installed_kernel_is_found_and_agrees_with_its_image()
    {
        var release = TestMachine.Release();
        var diagnostics = new DiagnosticBag();

        var target = await TargetKernelFinder.FindAsync(
            new TargetKernelOptions { Release = release }, new ProcessRunner(), diagnostics, CancellationToken.None);

        if (target is null)
        {
            Assert.Skip($"the parts of {release} are not all installed: {string.Join(" ", diagnostics)}");
        }

        Assert.Empty(diagnostics);
        using var image = KernelImage.Open(target.ImagePath);
        Assert.Empty(TargetKernelChecks.Check(target, image.BannerInfo));
        var told = BootImage.TryReadVersion(target.ImagePath);
        Assert.Equal(image.BannerInfo with { CompilerText = "", LinkerText = "" }, told);
    }

    private static void Add(TarWriter writer, string name, string content) =>
        writer.WriteEntry(
            new PaxTarEntry(
                TarEntryType.RegularFile, name)
            { DataStream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(content)) });
}

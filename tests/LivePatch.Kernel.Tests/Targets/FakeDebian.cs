using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Targets;
using LivePatch.Kernel.Tests.Images;

namespace LivePatch.Kernel.Tests.Targets;

/// <summary>A root directory with a Debian kernel's parts in it, each made of a few lines.</summary>
internal sealed class FakeDebian : IDisposable
{
    public const string Release = "6.1.0-56-amd64";
    public const string PackageVersion = "6.1.192-2";

    private const string Config =
        "CONFIG_X86_64=y\nCONFIG_LIVEPATCH=y\nCONFIG_MODULES=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_KALLSYMS=y\nCONFIG_KALLSYMS_ALL=y\n"
        + "CONFIG_DYNAMIC_FTRACE_WITH_REGS=y\nCONFIG_HAVE_RELIABLE_STACKTRACE=y\nCONFIG_CC_VERSION_TEXT=\"gcc-12 (Debian "
        + "12.2.0-14+deb12u1) 12.2.0\"\n";

    private readonly TemporaryDirectory _root = new();

    public FakeDebian()
    {
        Write("etc/debian_version", "12.12\n");
        Write("proc/sys/kernel/osrelease", "5.0.0-other\n");
        Status(("linux-image-" + Release, PackageVersion), ("linux-source-6.1", PackageVersion));
    }

    public string Root => _root.Path;

    public static FakeDebian Complete()
    {
        var debian = new FakeDebian();
        debian.Headers();
        debian.Image();
        debian.Write("usr/src/linux-source-6.1.tar.xz", "never read: dpkg knows its version");
        return debian;
    }

    public string Write(string path, string content) => _root.Write(path, content);

    public string Write(string path, byte[] content) => _root.Write(path, content);

    public void Status(params (string Package, string Version)[] packages) =>
        Write(
            "var/lib/dpkg/status",
            string.Join("\n\n", packages.Select(static p => $"Package: {p.Package}\nStatus: install ok installed\nVersion: {p.Version}"))
                + "\n\n");

    public void Headers(string release = Release, string packageVersion = PackageVersion)
    {
        var directory = $"usr/src/linux-headers-{release}/";
        Write(directory + "Makefile", "include /usr/src/linux-headers-6.1.0-56-common/Makefile\n");
        Write(directory + ".config", Config);
        Write(directory + "Module.symvers", "0x1\tx\tvmlinux\tEXPORT_SYMBOL\t\n");
        Write(
            directory + ".kernelvariables",
            "override ARCH = x86\nCCACHE = ccache\nCC = $(if $(DEBIAN_KERNEL_USE_CCACHE),$(CCACHE)) $(CROSS_COMPILE)gcc-12\n");
        Write(directory + "include/generated/utsrelease.h", $"#define UTS_RELEASE \"{release}\"\n");
        Write(directory + "include/generated/package.h", $"#define LINUX_PACKAGE_ID \" Debian {packageVersion}\"\n");
        Write("usr/src/linux-headers-6.1.0-56-common/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n");
    }

    public void Image(string release = Release, string packageVersion = PackageVersion)
    {
        Write(
            $"boot/vmlinuz-{release}",
            BzImageSaying($"{release} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian {packageVersion} (2026-11-16)"));
        Write($"lib/modules/{release}/modules.order", "kernel/fs/ext4/ext4.ko\n");
    }

    public async Task<(TargetKernel? Target, DiagnosticBag Diagnostics)> FindAsync(
        TargetKernelOptions? options = null, FakeCompiler? compiler = null)
    {
        var diagnostics = new DiagnosticBag();
        var target = await TargetKernelFinder.FindAsync(
            options ?? new TargetKernelOptions(), compiler
                ?? new FakeCompiler(FakeCompiler.Debian12), diagnostics, CancellationToken.None, root: Root);
        Assert.Equal(target is null, diagnostics.HasFatal);
        return (target, diagnostics);
    }

    public void Dispose() => _root.Dispose();

    public static byte[] BzImageSaying(string version)
    {
        var image = SyntheticKernel.BzImage(new byte[64]);
        SyntheticKernel.U16(image, 0x20e, 0x300);
        System.Text.Encoding.ASCII.GetBytes(version).CopyTo(image, 0x500);
        return image;
    }
}

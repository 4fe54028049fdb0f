using LivePatch.Kernel.Distributions;

namespace LivePatch.Kernel.Tests.Targets;

/// <summary>Each distribution says in its own words how to install something; where none is known, no package is named.</summary>
public sealed class InstallTextTests
{
    private static readonly string[] PackageWords = ["apt", "dpkg", "Debian", "linux-image", "linux-headers", "linux-source", "package"];

    [Theory]
    [InlineData("make", "apt-get install make")]
    [InlineData("ld", "apt-get install binutils")]
    [InlineData("xz", "apt-get install xz-utils")]
    [InlineData("busybox", "apt-get install busybox-static")]
    [InlineData("qemu-system-x86_64", "apt-get install qemu-system-x86")]
    [InlineData("qemu-system-aarch64", "apt-get install qemu-system-arm")]
    public void debian_knows_the_package_of_a_program(string program, string command)
    {
        var debian = new DebianDistribution();
        Assert.Equal(command, debian.InstallCommand(program));
        Assert.Equal("Run: sudo " + command, debian.HowToInstallProgram(program));
    }

    [Fact]
    public void where_no_distribution_is_known_no_package_is_named()
    {
        var generic = new GenericDistribution();
        Assert.Null(generic.InstallCommand("busybox"));
        string[] texts =
        [
            generic.HowToInstallProgram("busybox"),
            generic.HowToInstallAny(),
            generic.HowToInstallCompiler("gcc-12", "gcc-12 (GCC) 12.2.0"),
            .. Enum.GetValues<KernelPart>().Select(part => generic.HowToInstall(part, "6.1.0")),
        ];
        Assert.All(
            texts, static text => Assert.DoesNotContain(PackageWords, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("Install the program 'busybox'.", texts[0]);
    }
}

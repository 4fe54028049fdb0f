using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Distributions;

/// <summary>
/// What one distribution makes of a kernel: where it puts the parts, what it calls them, how they are installed. Paths
/// are absolute; none is promised to exist but those the Find methods return.
/// </summary>
public interface IKernelDistribution
{
    /// <summary>Name for messages.</summary>
    string Name { get; }

    /// <summary>Releases whose build directory is installed, sorted.</summary>
    IReadOnlyList<string> InstalledReleases();

    /// <summary>The build directory for external modules; null when it is not installed.</summary>
    string? FindHeaders(string release);

    /// <summary>The second directory of headers a build directory refers to, where the distribution splits them; else null.</summary>
    string? FindCommonHeaders(string headersDirectory);

    /// <summary>The kernel's configuration outside the build directory; null when there is none.</summary>
    string? FindConfig(string release);

    /// <summary>The bootable image; null when it is not installed.</summary>
    string? FindImage(string release);

    /// <summary>The image a machine boots, where it is another file than the one that is read; null when there is none.</summary>
    string? FindBootImage(string release);

    /// <summary>The directory of the kernel's modules (what <c>modprobe</c> searches); null when it is not installed.</summary>
    string? FindModules(string release);

    /// <summary>The source of that release's series, a tarball or a directory; null when it is not installed.</summary>
    string? FindSource(string release);

    /// <summary>Why a source cannot be what a kernel was built from, as far as the names tell: a sentence, or null when
    /// nothing is known against it.</summary>
    string? WhySourceDoesNotFit(string release, string sourcePath);

    /// <summary>The compiler the build directory asks for, as a name to look up in PATH; null when it does not say.</summary>
    string? FindCompiler(string headersDirectory);

    /// <summary>The package version a banner names; null when it names none of this distribution's.</summary>
    string? PackageVersion(BannerInfo banner);

    /// <summary>The package version of a source file, when it is a package's unchanged file; else null.</summary>
    string? PackageVersionOfSource(string sourcePath);

    /// <summary>The package version of a build directory; null when it does not say.</summary>
    string? PackageVersionOfHeaders(string headersDirectory);

    /// <summary>The upstream kernel version in a package version, in three numbers: 6.1.192-2 is 6.1.192.</summary>
    string UpstreamVersion(string packageVersion);

    /// <summary>A sentence that says how to install a part, with the exact command.</summary>
    /// <param name="part">The part.</param>
    /// <param name="release">The kernel release.</param>
    /// <param name="packageVersion">The package version wanted; null for any.</param>
    string HowToInstall(KernelPart part, string release, string? packageVersion = null);

    /// <summary>A sentence that says how to install a kernel with all its parts, when there is none.</summary>
    string HowToInstallAny();

    /// <summary>A sentence that says how to install a compiler, with the exact command.</summary>
    /// <param name="compiler">Its program name.</param>
    /// <param name="versionText">First line of the <c>--version</c> wanted.</param>
    string HowToInstallCompiler(string compiler, string versionText);

    /// <summary>Directories where a program of the host may lie that is not in PATH.</summary>
    IReadOnlyList<string> ProgramDirectories { get; }

    /// <summary>The command that installs a program of the host; null when the distribution knows none.</summary>
    /// <param name="program">Its name, as it is started.</param>
    string? InstallCommand(string program);

    /// <summary>A sentence that says how to install a program of the host.</summary>
    /// <param name="program">Its name, as it is started.</param>
    string HowToInstallProgram(string program);
}

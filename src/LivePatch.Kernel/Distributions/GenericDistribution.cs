using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Distributions;

/// <summary>A kernel without packages: what <c>make modules_install</c> and <c>make install</c> leave.</summary>
/// <param name="root">Prefix of all paths.</param>
public class GenericDistribution(string root = "/") : IKernelDistribution
{
    /// <inheritdoc/>
    public virtual string Name => "no distribution";

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> InstalledReleases() =>
        [.. Directories("lib/modules").Where(release => FindHeaders(release) is not null).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public virtual string? FindHeaders(string release) => ExistingDirectory($"lib/modules/{release}/build", "Makefile");

    /// <inheritdoc/>
    public virtual string? FindCommonHeaders(string headersDirectory) => null;

    /// <inheritdoc/>
    public virtual string? FindConfig(string release) =>
        ExistingFile($"boot/config-{release}") ?? ExistingFile($"lib/modules/{release}/build/.config");

    /// <inheritdoc/>
    public virtual string? FindImage(string release) =>
        ExistingFile($"boot/vmlinuz-{release}") ?? ExistingFile($"lib/modules/{release}/vmlinuz")
            ?? ExistingFile($"lib/modules/{release}/build/vmlinux");

    /// <inheritdoc/>
    public virtual string? FindBootImage(string release) => FindImage(release);

    /// <inheritdoc/>
    public virtual string? FindModules(string release) =>
        ExistingDirectory($"lib/modules/{release}", "modules.order") ?? ExistingDirectory($"lib/modules/{release}", "modules.dep");

    /// <inheritdoc/>
    public virtual string? FindSource(string release) => ExistingDirectory($"lib/modules/{release}/source", "Kbuild");

    /// <inheritdoc/>
    public virtual string? WhySourceDoesNotFit(string release, string sourcePath) => null;

    /// <inheritdoc/>
    public virtual string? FindCompiler(string headersDirectory) => null;

    /// <inheritdoc/>
    public virtual string? PackageVersion(BannerInfo banner) => null;

    /// <inheritdoc/>
    public virtual string? PackageVersionOfSource(string sourcePath) => null;

    /// <inheritdoc/>
    public virtual string? PackageVersionOfHeaders(string headersDirectory) => null;

    /// <inheritdoc/>
    public virtual string UpstreamVersion(string packageVersion) => packageVersion;

    /// <inheritdoc/>
    public virtual string HowToInstall(KernelPart part, string release, string? packageVersion = null) => part switch
    {
        KernelPart.Image => $"Give the image of kernel {release} with --image FILE.",
        KernelPart.Headers => $"Give the build directory of kernel {release} with --headers DIR, or make it /lib/modules/{release}/build.",
        _ => $"Give the source kernel {release} was built from with --source DIR.",
    };

    /// <inheritdoc/>
    public virtual string HowToInstallAny() => "Name the parts of the kernel with --headers DIR, --image FILE and --source DIR.";

    /// <inheritdoc/>
    public virtual string HowToInstallCompiler(string compiler, string versionText) =>
        $"Install the compiler '{versionText}' as '{compiler}'.";

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> ProgramDirectories => ["/bin", "/usr/bin"];

    /// <inheritdoc/>
    public virtual string? InstallCommand(string program) => null;

    /// <inheritdoc/>
    public string HowToInstallProgram(string program) =>
        InstallCommand(program) is { } command ? $"Run: sudo {command}" : $"Install the program '{program}'.";

    /// <summary>A path below the root.</summary>
    protected string At(string path) => Path.Combine(root, path);

    /// <summary>A path below the root, if a file is there.</summary>
    protected string? ExistingFile(string path) => File.Exists(At(path)) ? At(path) : null;

    /// <summary>A path below the root, if a directory with that file in it is there.</summary>
    protected string? ExistingDirectory(string path, string with) => File.Exists(Path.Combine(At(path), with)) ? At(path) : null;

    /// <summary>Names of the directories in a directory below the root.</summary>
    protected IEnumerable<string> Directories(string path) =>
        Directory.Exists(At(path)) ? Directory.EnumerateDirectories(At(path)).Select(static found => Path.GetFileName(found)) : [];
}

using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Distributions;

/// <summary>
/// Debian's kernel packages, as of Debian 12, 13 and sid in 2026: <c>linux-image-RELEASE</c> (image, modules; in sid by way of
/// linux-binary-RELEASE and linux-modules-RELEASE, which it depends on), <c>linux-headers-RELEASE</c>
/// (a build directory that includes <c>linux-headers-ABI-common</c>), <c>linux-source-SERIES</c> (a tarball in /usr/src
/// with Debian's patches applied). All three come from one source package and carry its version; the release
/// (6.1.0-56-amd64) does not name the upstream version, the banner does ("Debian 6.1.192-2").
/// </summary>
/// <param name="root">Prefix of all paths.</param>
public sealed partial class DebianDistribution(string root = "/") : GenericDistribution(root)
{
    private const string HeadersPrefix = "linux-headers-";

    private static readonly string[] TarballSuffixes = [".tar.xz", ".tar.zst", ".tar.gz"];

    private readonly string _root = root;

    /// <inheritdoc/>
    public override string Name => "Debian";

    /// <summary>True when the system below a root is Debian or made like it.</summary>
    public static bool IsInstalledAt(string root) =>
        File.Exists(Path.Combine(root, "etc/debian_version")) && File.Exists(Path.Combine(root, "var/lib/dpkg/status"));

    /// <inheritdoc/>
    public override IReadOnlyList<string> InstalledReleases() =>
        [.. Directories("usr/src")
            .Where(static name => name.StartsWith(HeadersPrefix, StringComparison.Ordinal))
            .Select(static name => name[HeadersPrefix.Length..])
            .Where(release => FindHeaders(release) is not null)
            .Concat(base.InstalledReleases())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override string? FindHeaders(string release)
    {
        // The -common package lies beside it under a like name, and has no configuration.
        var path = $"usr/src/{HeadersPrefix}{release}";
        return ExistingFile(path + "/.config") is not null ? ExistingDirectory(path, "Makefile") : base.FindHeaders(release);
    }

    /// <inheritdoc/>
    public override string? FindCommonHeaders(string headersDirectory)
    {
        var included = IncludedMakefile().Match(ReadText(Path.Combine(headersDirectory, "Makefile")));
        if (!included.Success)
        {
            return null;
        }

        var directory = Path.Combine(_root, included.Groups[1].Value.TrimStart('/'));
        return Directory.Exists(directory) ? directory : null;
    }

    /// <inheritdoc/>
    public override string? FindSource(string release)
    {
        if (SeriesOf(release) is not { } series)
        {
            return null;
        }

        // The tarball first: a directory of the same name is one somebody unpacked, and may have changed.
        var name = $"usr/src/linux-source-{series}";
        return TarballSuffixes.Select(suffix => ExistingFile(name + suffix)).FirstOrDefault(static found => found is not null)
            ?? ExistingDirectory(name, "Makefile")
            ?? base.FindSource(release);
    }

    /// <inheritdoc/>
    public override string? WhySourceDoesNotFit(string release, string sourcePath) =>
        IsRealTime(release) && PackageVersionOfSource(sourcePath) is not null
            ? $"{release} is of the rt flavour, which is built from this source with the PREEMPT_RT patches on top, and they are not in it."
            : null;

    /// <inheritdoc/>
    public override string? FindCompiler(string headersDirectory)
    {
        // .kernelvariables of the headers package: CC = $(if ...) $(CROSS_COMPILE)gcc-12
        var assignment = CompilerAssignment().Match(ReadText(Path.Combine(headersDirectory, ".kernelvariables")));
        if (!assignment.Success)
        {
            return null;
        }

        var words = WithoutReferences(assignment.Groups[1].Value).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.LastOrDefault();
    }

    /// <inheritdoc/>
    public override string? PackageVersion(BannerInfo banner)
    {
        var version = VersionInBanner().Match(banner.VersionText);
        return version.Success ? version.Groups[1].Value : null;
    }

    /// <inheritdoc/>
    public override string? PackageVersionOfSource(string sourcePath)
    {
        var name = Path.GetFileName(sourcePath);
        var suffix = Array.Find(TarballSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
        return suffix is not null && Path.GetFullPath(sourcePath) == Path.GetFullPath(At("usr/src/" + name))
            ? DpkgStatus.VersionOf(At("var/lib/dpkg/status"), name[..^suffix.Length])
            : null;
    }

    /// <inheritdoc/>
    public override string? PackageVersionOfHeaders(string headersDirectory)
    {
        // Debian's build writes it next to the other generated headers, with the text the banner gets.
        var version = VersionInBanner().Match(ReadText(Path.Combine(headersDirectory, "include/generated/package.h")));
        return version.Success ? version.Groups[1].Value : null;
    }

    /// <inheritdoc/>
    public override string UpstreamVersion(string packageVersion)
    {
        var upstream = packageVersion[(packageVersion.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var revision = upstream.LastIndexOf('-');
        upstream = revision < 0 ? upstream : upstream[..revision];

        // The first release of a series is 6.12 in the package and 6.12.0 in the Makefile.
        return upstream.Count(static character => character == '.') == 1 && !upstream.Contains('~', StringComparison.Ordinal)
            ? upstream + ".0"
            : upstream;
    }

    /// <inheritdoc/>
    public override string HowToInstall(KernelPart part, string release, string? packageVersion = null)
    {
        if (part == KernelPart.Source && IsRealTime(release))
        {
            var version = packageVersion ?? $"$(dpkg-query -Wf '${{source:Version}}' {HeadersPrefix}{release})";
            return $"No package has that source. Unpack the source package (apt-get source linux={version}), apply debian/patches-rt in "
                + $"the order of its file series, and give the directory with --source DIR.";
        }

        var package = part switch
        {
            KernelPart.Image => "linux-image-" + release,
            KernelPart.Headers => HeadersPrefix + release,
            _ => "linux-source-" + (SeriesOf(release) ?? release),
        };
        return packageVersion is null
            ? $"Run: sudo apt-get install {package}"
            : $"Run: sudo apt-get install {package}={packageVersion} (when apt has it no more: update the image, headers and source "
                + $"together and take the new kernel as target, or fetch that version from snapshot.debian.org)";
    }

    /// <inheritdoc/>
    public override string HowToInstallAny() => "Run: sudo apt-get install linux-image-amd64 linux-headers-amd64 linux-source";

    /// <inheritdoc/>
    public override string HowToInstallCompiler(string compiler, string versionText)
    {
        var version = VersionInCompilerText().Match(versionText);
        return version.Success
            ? $"Run: sudo apt-get install {compiler}={version.Groups[1].Value} (when apt has it no more: fetch that version from "
                + $"snapshot.debian.org)"
            : $"Run: sudo apt-get install {compiler}";
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ProgramDirectories => [.. base.ProgramDirectories, "/usr/lib/initramfs-tools/bin"];

    /// <inheritdoc/>
    public override string? InstallCommand(string program) => "apt-get install " + (program switch
    {
        "ld" or "objcopy" or "readelf" => "binutils",
        "xz" => "xz-utils",

        // The guest needs the one that is linked statically.
        "busybox" => "busybox-static",
        "qemu-system-x86_64" => "qemu-system-x86",
        "qemu-system-aarch64" => "qemu-system-arm",
        "qemu-system-s390x" or "qemu-system-riscv64" => "qemu-system-misc",
        "qemu-system-ppc64" => "qemu-system-ppc",
        _ => program,
    });

    /// <summary>The upstream series a release belongs to: 6.1.0-56-amd64 is of 6.1, 6.12.9+deb12-amd64 of 6.12.</summary>
    internal static string? SeriesOf(string release)
    {
        var series = Series().Match(release);
        return series.Success ? series.Value : null;
    }

    /// <summary>True for a release of the featureset rt (6.1.0-56-rt-amd64). No binary package has its source: linux-source-SERIES
    /// is the plain one, and debian/patches-rt is only in the source package (Debian 12).</summary>
    private static bool IsRealTime(string release) => RealTime().IsMatch(release);

    /// <summary>Removes make's $(...) references, which may be nested.</summary>
    private static string WithoutReferences(string text)
    {
        var result = new StringBuilder();
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '$' && at + 1 < text.Length && text[at + 1] == '(')
            {
                depth++;
                at++;
            }
            else if (depth > 0)
            {
                depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex Series();

    [GeneratedRegex(@"-rt-[a-z0-9]+$")]
    private static partial Regex RealTime();

    [GeneratedRegex(@"^include\s+(\S+)/Makefile", RegexOptions.Multiline)]
    private static partial Regex IncludedMakefile();

    [GeneratedRegex(@"^(?:override\s+)?CC\s*:?=(.*)$", RegexOptions.Multiline)]
    private static partial Regex CompilerAssignment();

    [GeneratedRegex(@"\bDebian (\d[A-Za-z0-9.+~:-]*)")]
    private static partial Regex VersionInBanner();

    [GeneratedRegex(@"\(Debian (\d[A-Za-z0-9.+~:-]*)\)")]
    private static partial Regex VersionInCompilerText();
}

using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// Whether the parts of a target kernel belong together. Each check is a function of what is already read and returns
/// its finding, so that a caller can make it a warning where the user asked for that.
/// </summary>
public static class TargetKernelChecks
{
    /// <summary>All checks of a target against the banner of its image.</summary>
    /// <param name="target">The target.</param>
    /// <param name="banner">The image's banner; compiler checks are left out when it names none.</param>
    /// <returns>LP0241, LP0242, LP0243, LP0245: one for each thing that differs; empty when all agree.</returns>
    public static IReadOnlyList<Diagnostic> Check(TargetKernel target, BannerInfo banner)
    {
        Diagnostic?[] found =
        [
            CheckRelease(target, banner),
            CheckSource(target, banner),
            CheckHeaders(target, banner),
            CheckCompiler(target, banner.CompilerText),
        ];
        return [.. found.OfType<Diagnostic>()];
    }

    /// <summary>The image must be of the target's release (LP0241).</summary>
    public static Diagnostic? CheckRelease(TargetKernel target, BannerInfo banner) =>
        banner.Release == target.Release
            ? null
            : KernelDiagnostics.ReleaseMismatch.At(
                target.ImagePath, $"The image is of kernel {banner.Release}, and the target is {target.Release}.");

    /// <summary>The source must be the one the image was built from (LP0242).</summary>
    public static Diagnostic? CheckSource(TargetKernel target, BannerInfo banner)
    {
        if (target.SourceKind == SourceKind.None)
        {
            return null;
        }

        var distribution = target.Distribution;
        var package = WithoutRebuild(distribution.PackageVersion(banner));
        var remedy = distribution.HowToInstall(KernelPart.Source, target.Release, package);
        if (package is null)
        {
            return IsVersionOf(target.SourceVersion, banner.Release)
                ? null
                : KernelDiagnostics.SourceMismatch.At(
                    target.SourcePath, $"The source is Linux {target.SourceVersion}, and the image is of kernel {banner.Release}.", remedy);
        }

        if (target.SourcePackageVersion is { } source)
        {
            return source == package
                ? null
                : KernelDiagnostics.SourceMismatch.At(
                    target.SourcePath, $"The source is of package version {source}, and the image was built from {package}.", remedy);
        }

        var upstream = distribution.UpstreamVersion(package);
        return target.SourceVersion == upstream
            ? null
            : KernelDiagnostics.SourceMismatch.At(
                target.SourcePath,
                $"The source is Linux {target.SourceVersion}, and the image was built from {upstream} (package version {package}).",
                remedy);
    }

    /// <summary>The headers must come from the same build as the image (LP0243).</summary>
    public static Diagnostic? CheckHeaders(TargetKernel target, BannerInfo banner)
    {
        var package = target.Distribution.PackageVersion(banner);
        return package is null || target.HeadersPackageVersion is null || target.HeadersPackageVersion == package
            ? null
            : KernelDiagnostics.HeadersMismatch.At(
                target.HeadersDirectory,
                $"The headers are of package version {target.HeadersPackageVersion}, and the image is of {package}.",
                target.Distribution.HowToInstall(KernelPart.Headers, target.Release, package));
    }

    /// <summary>The compiler must be the kernel's (LP0245).</summary>
    /// <param name="target">The target.</param>
    /// <param name="expected">What the kernel says of its compiler; empty to accept any.</param>
    public static Diagnostic? CheckCompiler(TargetKernel target, string expected)
    {
        return expected.Length == 0 || IsCompiler(target.CompilerText, expected)
            ? null
            : KernelDiagnostics.CompilerMismatch.Anywhere(
                $"The kernel was built with '{expected}', and '{target.CompilerCommand}' is '{target.CompilerText}'.",
                target.Distribution.HowToInstallCompiler(NameOf(expected, target.Compiler), expected));
    }

    /// <summary>The same finding as a warning (LP0246).</summary>
    public static Diagnostic Accept(Diagnostic finding) =>
        KernelDiagnostics.MismatchAccepted.At(finding.Location, $"{finding.Text} This was accepted as asked for.", finding.Remedy);

    /// <summary>True when two version texts are of the same compiler. The first word is the name it was called by
    /// ("gcc-12", with or without a triple in front): the rest is what it is.</summary>
    public static bool IsCompiler(string text, string expected) => WithoutProgram(text) == WithoutProgram(expected);

    /// <summary>True when an object's .comment string is that compiler's: "GCC: (MAKER 12.2.0-14) 12.2.0" is of
    /// "gcc-12 (MAKER 12.2.0-14) 12.2.0". Clang writes its version text as it is.</summary>
    public static bool IsProducer(string comment, string compilerText) =>
        comment.EndsWith(WithoutProgram(compilerText), StringComparison.Ordinal);

    /// <summary>gcc's text begins with the name it was called by, clang's does not.</summary>
    private static string NameOf(string expected, string compiler) =>
        expected.Split(' ')[0] is var first && first.Contains("gcc", StringComparison.Ordinal) ? first : compiler;

    private static string WithoutProgram(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? text : text[(space + 1)..].Trim();
    }

    /// <summary>A rebuild without changes of source has "+b1" at the end of its version.</summary>
    private static string? WithoutRebuild(string? version)
    {
        if (version is null)
        {
            return null;
        }

        var at = version.LastIndexOf("+b", StringComparison.Ordinal);
        return at > 0 && version.AsSpan(at + 2).IndexOfAnyExceptInRange('0', '9') < 0 ? version[..at] : version;
    }

    /// <summary>Upstream's releases begin with the version: 6.6.30-custom is of 6.6.30, and 6.6.0 calls itself 6.6.0.</summary>
    private static bool IsVersionOf(string version, string release) =>
        release.StartsWith(version, StringComparison.Ordinal)
        && (release.Length == version.Length || !char.IsAsciiDigit(release[version.Length]));
}

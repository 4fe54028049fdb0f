using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Trees;

/// <summary>What a work tree is made from; only read.</summary>
/// <param name="Release">The kernel's release.</param>
/// <param name="SourcePath">A source directory or a tarball.</param>
/// <param name="IsTarball">Which of the two.</param>
/// <param name="HeadersDirectory">The kernel's build directory: .config, include/generated, scripts, tools.</param>
/// <param name="ConfigPath">The kernel's .config.</param>
/// <param name="ArchitectureName">Directory under arch/.</param>
/// <param name="Toolchain">The compiler.</param>
public sealed record WorkTreeInputs(
    string Release,
    string SourcePath,
    bool IsTarball,
    string HeadersDirectory,
    string ConfigPath,
    string ArchitectureName,
    Toolchain Toolchain)
{
    /// <summary>Headers the distribution keeps apart from the build directory; null when it does not.</summary>
    public string? CommonHeadersDirectory { get; init; }

    /// <summary>When the kernel was linked, where the headers directory is the one it was built in; else null.</summary>
    public DateTime? BuiltAt { get; init; }

    /// <summary>The parts of a target.</summary>
    public static WorkTreeInputs For(TargetKernel target) => new(
        target.Release,
        target.SourcePath,
        target.IsTarball,
        target.HeadersDirectory,
        target.ConfigPath,
        target.Architecture.KbuildName,
        Toolchain.Of(target))
    {
        CommonHeadersDirectory = target.CommonHeadersDirectory,
        BuiltAt = target.BuiltAt,
    };
}

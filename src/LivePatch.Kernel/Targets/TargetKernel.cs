using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Distributions;

namespace LivePatch.Kernel.Targets;

/// <summary>Where the parts of the target kernel lie. All paths exist at the time of finding.</summary>
public sealed record TargetKernel
{
    /// <summary>Release, as <c>uname -r</c> gives it.</summary>
    public required string Release { get; init; }

    /// <summary>Machine of the kernel.</summary>
    public required IArchitecture Architecture { get; init; }

    /// <summary>The build directory for external modules.</summary>
    public required string HeadersDirectory { get; init; }

    /// <summary>The second directory of headers, where the distribution splits them; else null.</summary>
    public string? CommonHeadersDirectory { get; init; }

    /// <summary>The kernel's .config.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Module.symvers of the build directory.</summary>
    public required string ModuleSymversPath { get; init; }

    /// <summary>The kernel image.</summary>
    public required string ImagePath { get; init; }

    /// <summary><c>/lib/modules/RELEASE</c>.</summary>
    public required string ModulesDirectory { get; init; }

    /// <summary>The source: a directory or a tarball; empty when none is needed.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Which of them.</summary>
    public required SourceKind SourceKind { get; init; }

    /// <summary>Upstream version of the source, three numbers: 6.1.192; empty when there is none.</summary>
    public required string SourceVersion { get; init; }

    /// <summary>Package version of the source (6.1.192-2); null when it is no package's file.</summary>
    public string? SourcePackageVersion { get; init; }

    /// <summary>Package version of the headers; null when they do not say.</summary>
    public string? HeadersPackageVersion { get; init; }

    /// <summary>How the compiler is called, wrappers included: <c>ccache gcc-12</c>.</summary>
    public required CompilerCommand CompilerCommand { get; init; }

    /// <summary>The compiler itself, as a program name: <c>gcc-12</c>.</summary>
    public string Compiler => CompilerCommand.Program;

    /// <summary>What else make is told with the compiler: <c>LD=ld.lld</c>, <c>LLVM=1</c>.</summary>
    public IReadOnlyList<string> MakeVariables { get; init; } = [];

    /// <summary>A name for the compiler behind all wrappers, under which results are kept: what the kernel's own compiler
    /// is usually called when it is that, whatever name it was called by; else its version text.</summary>
    public required string CompilerIdentity { get; init; }

    /// <summary>First line of the compiler's <c>--version</c>.</summary>
    public required string CompilerText { get; init; }

    /// <summary>Who packaged the kernel.</summary>
    public required IKernelDistribution Distribution { get; init; }

    /// <summary>When the image was linked, where the build directory is the tree the kernel was built in: sources newer than
    /// that are not what it was built from. Null for packaged kernels.</summary>
    public DateTime? BuiltAt { get; init; }

    /// <summary>True when <see cref="SourcePath"/> is a tarball.</summary>
    public bool IsTarball => SourceKind == SourceKind.Tarball;
}

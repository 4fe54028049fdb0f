namespace LivePatch.Kernel.Targets;

/// <summary>What the user says about the target kernel. Null means: find it.</summary>
public sealed record TargetKernelOptions
{
    /// <summary>Release, as <c>uname -r</c> gives it.</summary>
    public string? Release { get; init; }

    /// <summary>Source: a directory or a tarball.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The kernel's source is not needed: the patched module is built outside it, from headers alone.</summary>
    public bool WithoutSource { get; init; }

    /// <summary>The kernel's .config.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The build directory for external modules.</summary>
    public string? HeadersPath { get; init; }

    /// <summary>The kernel image: vmlinuz or vmlinux.</summary>
    public string? ImagePath { get; init; }

    /// <summary>Where the kernel's modules are installed.</summary>
    public string? ModulesPath { get; init; }

    /// <summary>The compiler's command, as in CC: "gcc-12", "ccache gcc-12"; wrappers alone go in front of the kernel's own.</summary>
    public string? Compiler { get; init; }

    /// <summary>The value of LLVM as Kbuild takes it: "1", "-19", "/opt/llvm/bin/".</summary>
    public string? Llvm { get; init; }

    /// <summary>Another compiler than the kernel's is a warning, not an error.</summary>
    public bool SkipCompilerCheck { get; init; }

    /// <summary>Another source or headers version than the image's is a warning, not an error.</summary>
    public bool SkipVersionCheck { get; init; }
}

using LivePatch.Kernel.Targets;

namespace LivePatch.Pipeline;

/// <summary>What to build and from what. Null means: find it.</summary>
public sealed record PatchBuildOptions
{
    /// <summary>How many objects a changed header may reach when nothing else is asked for.</summary>
    public const int DefaultMaxObjects = 500;

    /// <summary>Patch files, applied in this order.</summary>
    public required IReadOnlyList<string> Patches { get; init; }

    /// <summary>Release of the target kernel, e.g. 6.1.0-56.</summary>
    public string? Release { get; init; }

    /// <summary>Kernel source: a directory or a .tar.xz.</summary>
    public string? Source { get; init; }

    /// <summary>The kernel's .config.</summary>
    public string? Config { get; init; }

    /// <summary>The kernel's build directory (headers package).</summary>
    public string? Headers { get; init; }

    /// <summary>The kernel image: vmlinuz or vmlinux.</summary>
    public string? Image { get; init; }

    /// <summary>Directory of the kernel's modules.</summary>
    public string? Modules { get; init; }

    /// <summary>The compiler's command as in CC, with the wrappers in front of it; null for the kernel's own compiler.</summary>
    public string? Compiler { get; init; }

    /// <summary>The value of LLVM as Kbuild takes it ("1", "-19", "/opt/llvm/bin/").</summary>
    public string? Llvm { get; init; }

    /// <summary>A module built outside the kernel tree; null when the patch is for the kernel's own source.</summary>
    public OutOfTreeOptions? OutOfTree { get; init; }

    /// <summary>Name of the module; derived from the patch when null.</summary>
    public string? Name { get; init; }

    /// <summary>Directory the module and its sources are put into.</summary>
    public required string Output { get; init; }

    /// <summary>How many compilers run at a time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>klp_patch.replace.</summary>
    public bool Replace { get; init; } = true;

    /// <summary>Where work trees and original objects are kept between runs.</summary>
    public required string Cache { get; init; }

    /// <summary>Keep the temporary directory of the run.</summary>
    public bool KeepTemp { get; init; }

    /// <summary>How many objects a changed header may reach.</summary>
    public int MaxObjects { get; init; } = DefaultMaxObjects;

    /// <summary>Types whose layout may change on the author's word: "struct foo", or "foo" for any kind.</summary>
    public IReadOnlyCollection<string> AllowedLayoutChanges { get; init; } = [];

    /// <summary>Functions whose prototype may change on the author's word.</summary>
    public IReadOnlyCollection<string> AllowedPrototypeChanges { get; init; } = [];

    /// <summary>Variables the author pairs: the original's name and the patched one's; an empty one for a variable without
    /// counterpart.</summary>
    public IReadOnlyList<(string Original, string Patched)> Pairs { get; init; } = [];

    /// <summary>Where the objects are kept that the module was proved with; null for nowhere.</summary>
    public string? ProofDirectory { get; init; }

    /// <summary>Go without the proof that the module does what the patched objects say.</summary>
    public bool SkipProof { get; init; }

    /// <summary>Go on when the compiler is not the one that built the kernel. Off: a wrong compiler is an error.</summary>
    public bool SkipCompilerCheck { get; init; }

    /// <summary>What of this concerns the search for the target.</summary>
    public TargetKernelOptions Target() => new()
    {
        Release = Release,
        SourcePath = Source,
        ConfigPath = Config,
        HeadersPath = Headers,
        ImagePath = Image,
        ModulesPath = Modules,
        Compiler = Compiler,
        Llvm = Llvm,
        SkipCompilerCheck = SkipCompilerCheck,
    };
}

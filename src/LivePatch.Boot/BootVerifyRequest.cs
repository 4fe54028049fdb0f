using LivePatch.Kernel.Distributions;

namespace LivePatch.Boot;

/// <summary>What to verify, in which kernel, and how.</summary>
public sealed record BootVerifyRequest
{
    /// <summary>The livepatch module, an uncompressed <c>.ko</c>.</summary>
    public required string ModulePath { get; init; }

    /// <summary>Release of the kernel to boot, e.g. <c>6.1.0-56</c>; must be the one in the module's vermagic.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>Image to boot, as shipped. An unpacked <c>vmlinux</c> with a PVH note boots as well and saves
    /// the time QEMU needs to emulate its decompressor, but then no KASLR takes place.</summary>
    public required string KernelImage { get; init; }

    /// <summary>Directory with <c>modules.dep</c> and the kernel's modules, e.g. <c>/lib/modules/RELEASE</c>.
    /// Read only when a module is asked for.</summary>
    public required string ModulesDirectory { get; init; }

    /// <summary>Where the kernel log goes. Kept whatever happens; an old one is overwritten.</summary>
    public required string LogPath { get; init; }

    /// <summary>Every function the module replaces; null to read them from the module's tables. Where those cannot be
    /// read either (tables filled at run time), only the presence of the patch is checked.</summary>
    public IReadOnlyList<ExpectedFunction>? ExpectedFunctions { get; init; }

    /// <summary>Names of patched modules; null to take them from <see cref="ExpectedFunctions"/>.</summary>
    public IReadOnlyList<string>? TargetModules { get; init; }

    /// <summary>When the patched modules are loaded.</summary>
    public TargetLoadOrder LoadOrder { get; init; } = TargetLoadOrder.Before;

    /// <summary>Files of modules that are not among the kernel's own: they are used where a module of their name is patched
    /// or depended on, and are not loaded for their own sake.</summary>
    public IReadOnlyList<string> ModuleFiles { get; init; } = [];

    /// <summary>Further modules, loaded first: names looked up in <see cref="ModulesDirectory"/>, or paths of files.</summary>
    public IReadOnlyList<string> ExtraModules { get; init; } = [];

    /// <summary>Further files for the check scripts.</summary>
    public IReadOnlyList<ExtraFile> ExtraFiles { get; init; } = [];

    /// <summary>Shell script (busybox ash) that must exit with 0 on the unpatched kernel, before loading and after
    /// unloading; null for none.</summary>
    public string? BeforeScript { get; init; }

    /// <summary>Shell script (busybox ash) that must exit with 0 while the patch is in force; null for none.</summary>
    public string? AfterScript { get; init; }

    /// <summary>Limit for a transition in the guest, on enabling and on disabling.</summary>
    public TimeSpan TransitionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit for each run of a check script.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit for each stage as seen from the host, boot included; emulation is slow.</summary>
    public TimeSpan StageTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Limit for the whole run.</summary>
    public TimeSpan OverallTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The guest's memory in MiB.</summary>
    public int MemoryMebibytes { get; init; } = 512;

    /// <summary>The guest's virtual CPUs; two, so that tasks really run beside the transition.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>The distribution of this host, which knows how to install what is missing.</summary>
    public IKernelDistribution Host { get; init; } = KernelDistributions.Detect();

    /// <summary>QEMU's program; null for the target architecture's in PATH.</summary>
    public string? QemuProgram { get; init; }

    /// <summary>A statically linked busybox; null to look in the usual places.</summary>
    public string? BusyboxPath { get; init; }
}

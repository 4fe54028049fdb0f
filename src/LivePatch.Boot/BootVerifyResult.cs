using LivePatch.Core.Diagnostics;

namespace LivePatch.Boot;

/// <summary>What the booted kernel said.</summary>
public sealed record BootVerifyResult
{
    /// <summary>True when the module loaded, did what the checks ask, and left without a trace.</summary>
    public bool Passed => Diagnostics.All(static item => !item.IsFatal);

    /// <summary>Everything that is wrong or worth telling.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>The kernel log, followed by the guest's results; null when QEMU was never started.</summary>
    public string? LogPath { get; init; }

    /// <summary>The check before loading; null when it was not run.</summary>
    public CheckResult? Before { get; init; }

    /// <summary>The check with the patch in force; null when it was not run.</summary>
    public CheckResult? After { get; init; }

    /// <summary>The check with the patch in force and the patched modules loaded a second time; null when it was not run.</summary>
    public CheckResult? Reloaded { get; init; }

    /// <summary>The check before loading, run again after unloading; null when it was not run.</summary>
    public CheckResult? Restored { get; init; }

    /// <summary>The steps reached, in order.</summary>
    public IReadOnlyList<BootStage> Stages { get; init; } = [];

    /// <summary>Wall-clock time from the start of QEMU to its end.</summary>
    public TimeSpan Elapsed { get; init; }
}

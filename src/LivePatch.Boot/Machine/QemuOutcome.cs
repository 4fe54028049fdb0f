namespace LivePatch.Boot.Machine;

/// <summary>How a run of QEMU went.</summary>
/// <param name="Lines">The guest's report, with QEMU's own messages between.</param>
/// <param name="Stages">Steps reached; the first is the boot itself.</param>
/// <param name="ExitCode">QEMU's exit code; null when a stage's limit ended it.</param>
/// <param name="TimedOut">True when a limit ended it.</param>
/// <param name="Elapsed">Wall-clock time.</param>
internal sealed record QemuOutcome(
    IReadOnlyList<string> Lines, IReadOnlyList<BootStage> Stages, int? ExitCode, bool TimedOut, TimeSpan Elapsed);

namespace LivePatch.Boot;

/// <summary>A step of the verification and when it began.</summary>
/// <param name="Name">As in the kernel log's marks: <c>boot</c>, <c>target</c>, <c>check-before</c>, <c>load</c>,
/// <c>transition</c>, <c>sysfs</c>, <c>check-after</c>, <c>unload-target</c>, <c>reload</c>, <c>check-reloaded</c>,
/// <c>disable</c>, <c>unload</c>, <c>check-restored</c>, <c>done</c>.</param>
/// <param name="Start">Wall-clock time since QEMU was started.</param>
public sealed record BootStage(string Name, TimeSpan Start);

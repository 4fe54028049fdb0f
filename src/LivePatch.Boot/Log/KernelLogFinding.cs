namespace LivePatch.Boot.Log;

/// <summary>A line of the kernel log that says something is wrong.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The line without its time stamp.</param>
/// <param name="Stage">The last stage mark before it; <c>boot</c> when there was none.</param>
/// <param name="Where">The instruction pointer line after it (<c>func+0x1c/0x40 [module]</c>); null when none follows.</param>
internal sealed record KernelLogFinding(int Line, KernelLogFindingKind Kind, string Text, string Stage, string? Where);

namespace LivePatch.Kbuild.Database;

/// <summary>What a file of the kernel becomes in a configuration.</summary>
/// <param name="Path">The source or object that was asked for, from the top of the source.</param>
/// <param name="Objects">The objects it is compiled into; empty when it is not built.</param>
/// <param name="Reason">Why it is not built, as a sentence; null when it is.</param>
public sealed record BuiltSource(string Path, IReadOnlyList<KbuildObject> Objects, string? Reason);

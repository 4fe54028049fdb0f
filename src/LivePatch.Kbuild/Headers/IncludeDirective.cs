namespace LivePatch.Kbuild.Headers;

/// <summary>A name that a file includes.</summary>
/// <param name="Name">As it is written: "linux/sched.h", "../core/trace.h".</param>
/// <param name="Kind">Where the compiler looks for it.</param>
public readonly record struct IncludeDirective(string Name, IncludeKind Kind);

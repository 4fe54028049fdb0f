namespace LivePatch.Proof;

/// <summary>A call or jump out of the object.</summary>
/// <param name="Offset">Where the instruction begins, in its function.</param>
/// <param name="Callee">What the object calls.</param>
/// <param name="InModule">What the module calls there.</param>
/// <param name="IsCall">False for jumps.</param>
internal readonly record struct CodeCall(ulong Offset, string Callee, Address InModule, bool IsCall);

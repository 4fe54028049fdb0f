namespace LivePatch.Kernel.Architecture;

/// <summary>The relocation that a function's call of the tracer needs.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Addend">Its addend.</param>
/// <param name="FieldOffset">Where its field begins, counted from the site.</param>
public readonly record struct TracerCall(uint Type, long Addend, ulong FieldOffset);

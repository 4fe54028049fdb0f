namespace LivePatch.Module.Extract;

/// <summary>Where a target has a symbol.</summary>
/// <param name="Address">Link address in vmlinux; offset in <paramref name="Section"/> in a module.</param>
/// <param name="Section">The section of the shipped module file; null for vmlinux.</param>
public readonly record struct SymbolPlace(ulong Address, string? Section);

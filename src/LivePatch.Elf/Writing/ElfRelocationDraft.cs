namespace LivePatch.Elf.Writing;

/// <summary>A relocation being built.</summary>
/// <param name="Offset">r_offset in bytes.</param>
/// <param name="Type">The machine's relocation type.</param>
/// <param name="Symbol">What it refers to; null for symbol 0.</param>
/// <param name="Addend">r_addend.</param>
public readonly record struct ElfRelocationDraft(ulong Offset, uint Type, ElfSymbolDraft? Symbol, long Addend);

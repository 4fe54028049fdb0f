namespace LivePatch.Elf;

/// <summary>One RELA entry.</summary>
/// <param name="Offset">r_offset: bytes from the start of the section it applies to (relocatable objects).</param>
/// <param name="Type">The machine's relocation type (low half of r_info).</param>
/// <param name="Symbol">The symbol it refers to; symbol 0 where r_info names none.</param>
/// <param name="Addend">r_addend.</param>
public readonly record struct ElfRelocation(ulong Offset, uint Type, ElfSymbol Symbol, long Addend);

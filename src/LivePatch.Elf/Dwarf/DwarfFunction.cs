namespace LivePatch.Elf.Dwarf;

/// <summary>A function with code in the object, as its source declares it.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Meaning">Its prototype by meaning: const and typedefs do not count.</param>
/// <param name="Prototype">Its prototype as C writes it.</param>
/// <param name="Section">The section its code begins in.</param>
/// <param name="Offset">Where in it.</param>
public sealed record DwarfFunction(string Name, string Meaning, string Prototype, ElfSection Section, ulong Offset);

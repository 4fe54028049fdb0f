namespace LivePatch.Elf.Dwarf;

/// <summary>A variable with a place in the object.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Function">The function it is declared in, wherever that was inlined; null at file scope.</param>
/// <param name="Type">Its type by meaning: const and typedefs do not count.</param>
/// <param name="TypeText">Its type as C writes it.</param>
/// <param name="Block">The block it is declared in: the numbers of the blocks on the way from the function, "0.2".</param>
/// <param name="Line">The line it is declared in.</param>
/// <param name="Section">The section it lies in.</param>
/// <param name="Offset">Where in it.</param>
public sealed record DwarfVariable(string Name, string? Function, string Type, string TypeText, string Block, int Line, ElfSection Section, ulong Offset);

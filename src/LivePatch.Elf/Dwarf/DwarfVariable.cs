namespace LivePatch.Elf.Dwarf;

/// <summary>A variable with a place in the object.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Function">The function it is declared in, wherever that was inlined; null at file scope.</param>
/// <param name="Type">Its type by meaning: const and typedefs do not count.</param>
/// <param name="TypeText">Its type as C writes it.</param>
/// <param name="Line">The line it is declared in.</param>
/// <param name="Section">The section it lies in.</param>
/// <param name="Offset">Where in it.</param>
public sealed record DwarfVariable(string Name, string? Function, string Type, string TypeText, int Line, ElfSection Section, ulong Offset)
{
    /// <summary>The code of the block it is declared in, wherever that was inlined; empty for one of a whole function or file.</summary>
    public IReadOnlyList<(ElfSection Section, ulong Start, ulong End)> Block { get; init; } = [];
}

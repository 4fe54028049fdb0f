namespace LivePatch.Elf.Reading;

/// <summary>What a file holds, before it is an object that can be asked for things.</summary>
/// <param name="Name">What diagnostics call it.</param>
/// <param name="Header">The file header.</param>
/// <param name="Sections">All sections by index.</param>
/// <param name="Symbols">All symbols by index.</param>
/// <param name="Segments">Program headers.</param>
/// <param name="SymbolTable">The SHT_SYMTAB section; null when the file is stripped.</param>
/// <param name="NameTable">The section e_shstrndx names; null when sections have no names.</param>
/// <param name="Mapping">What the sections' bytes lie in; null when they are in memory anyway.</param>
internal sealed record ElfTables(
    string Name,
    ElfHeader Header,
    IReadOnlyList<ElfSection> Sections,
    IReadOnlyList<ElfSymbol> Symbols,
    IReadOnlyList<ElfSegment> Segments,
    ElfSection? SymbolTable,
    ElfSection? NameTable,
    IDisposable? Mapping);

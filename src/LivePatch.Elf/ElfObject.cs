using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Reading;

namespace LivePatch.Elf;

/// <summary>
/// A parsed ELF64 file of either byte order: relocatable object, module or vmlinux. Immutable; section bytes are
/// views into the mapped file, so the object must be disposed when nothing refers to them any more.
/// </summary>
public sealed class ElfObject : IDisposable
{
    private readonly IDisposable? _mapping;
    private Dictionary<string, ElfSection>? _sectionsByName;
    private ILookup<string, ElfSymbol>? _symbolsByName;

    private ElfObject(ElfTables tables)
    {
        Name = tables.Name;
        Header = tables.Header;
        Sections = tables.Sections;
        Symbols = tables.Symbols;
        Segments = tables.Segments;
        SymbolTable = tables.SymbolTable;
        NameTable = tables.NameTable;
        _mapping = tables.Mapping;
    }

    /// <summary>What diagnostics call it: the path as the user knows it.</summary>
    public string Name { get; }

    /// <summary>The file header.</summary>
    public ElfHeader Header { get; }

    /// <summary>All sections by index; the first is the null section.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>All symbols by index; the first is the null symbol. Empty when the file is stripped.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>Program headers; empty in relocatable objects.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>The SHT_SYMTAB section; null when the file is stripped.</summary>
    public ElfSection? SymbolTable { get; }

    /// <summary>The section e_shstrndx names; null when sections have no names.</summary>
    internal ElfSection? NameTable { get; }

    /// <summary>Maps and parses a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why the file cannot be read.</param>
    /// <param name="name">What diagnostics call it; <paramref name="path"/> when null.</param>
    /// <returns>The object, or null when a fatal diagnostic was added.</returns>
    public static ElfObject? TryRead(string path, DiagnosticBag diagnostics, string? name = null) =>
        ElfReader.TryReadFile(path, name ?? path, diagnostics) is { } tables ? new ElfObject(tables) : null;

    /// <summary>Parses bytes already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What diagnostics call it.</param>
    /// <param name="diagnostics">Receives why the file cannot be read.</param>
    /// <returns>The object, or null when a fatal diagnostic was added.</returns>
    public static ElfObject? TryRead(ReadOnlyMemory<byte> bytes, string name, DiagnosticBag diagnostics) =>
        ElfReader.TryRead(bytes, name, null, diagnostics) is { } tables ? new ElfObject(tables) : null;

    /// <summary>Maps and parses a file.</summary>
    /// <exception cref="DiagnosticException">It cannot be read; carries the diagnostics.</exception>
    public static ElfObject Read(string path, string? name = null)
    {
        var diagnostics = new DiagnosticBag();
        return TryRead(path, diagnostics, name) ?? throw new DiagnosticException(diagnostics);
    }

    /// <summary>Parses bytes already in memory.</summary>
    /// <exception cref="DiagnosticException">They cannot be read; carries the diagnostics.</exception>
    public static ElfObject Read(ReadOnlyMemory<byte> bytes, string name)
    {
        var diagnostics = new DiagnosticBag();
        return TryRead(bytes, name, diagnostics) ?? throw new DiagnosticException(diagnostics);
    }

    /// <summary>The first section of that name; null when there is none.</summary>
    public ElfSection? FindSection(string name)
    {
        if (_sectionsByName is null)
        {
            var index = new Dictionary<string, ElfSection>(Sections.Count, StringComparer.Ordinal);
            foreach (var section in Sections)
            {
                index.TryAdd(section.Name, section);
            }

            _sectionsByName = index;
        }

        return _sectionsByName.GetValueOrDefault(name);
    }

    /// <summary>All symbols of that name, in table order.</summary>
    public IEnumerable<ElfSymbol> FindSymbols(string name)
    {
        _symbolsByName ??= Symbols.ToLookup(static symbol => symbol.Name, StringComparer.Ordinal);
        return _symbolsByName[name];
    }

    /// <summary>
    /// The <paramref name="length"/> bytes a linked file holds at a virtual address, from its PT_LOAD segments;
    /// empty when the range is not wholly backed by the file.
    /// </summary>
    public ReadOnlyMemory<byte> ReadAddress(ulong address, int length)
    {
        foreach (var segment in Segments)
        {
            if (segment.Type != 1 || address < segment.Address)
            {
                continue;
            }

            var offset = address - segment.Address;
            if (offset <= (ulong)segment.Data.Length && (ulong)length <= (ulong)segment.Data.Length - offset)
            {
                return segment.Data.Slice((int)offset, length);
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping?.Dispose();
}

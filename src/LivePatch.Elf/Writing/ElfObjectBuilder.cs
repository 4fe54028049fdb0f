using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Native;

namespace LivePatch.Elf.Writing;

/// <summary>
/// The only mutable form of an object: sections and symbols in the order they will be written. The symbol table,
/// its string table, the section name table and, where needed, SHT_SYMTAB_SHNDX are made by the writer.
/// Local symbols are written before the others (gABI) and otherwise keep their order.
/// </summary>
public sealed class ElfObjectBuilder
{
    private readonly List<ElfSectionDraft> _sections = [];
    private readonly List<ElfSymbolDraft> _symbols = [];

    /// <summary>Starts an empty relocatable object.</summary>
    /// <param name="machine">e_machine.</param>
    /// <param name="order">In which order the bytes of numbers lie.</param>
    public ElfObjectBuilder(ushort machine, ElfByteOrder order = default)
        : this(new ElfHeader(0, 0, ElfConstants.EtRel, machine, 0, 0, 0) { Order = order })
    {
    }

    private ElfObjectBuilder(ElfHeader header)
    {
        Header = header;
    }

    /// <summary>The file header to write.</summary>
    public ElfHeader Header { get; }

    /// <summary>Sections in output order, without the null section and the tables the writer makes.</summary>
    public IReadOnlyList<ElfSectionDraft> Sections => _sections;

    /// <summary>Symbols in output order (locals are moved to the front), without the null symbol.</summary>
    public IReadOnlyList<ElfSymbolDraft> Symbols => _symbols;

    /// <summary>Takes an existing relocatable object as the starting point. Section order, section content and symbol
    /// order stay as they are; only the writer's own tables move to the end.</summary>
    /// <exception cref="DiagnosticException">The object is not relocatable (LP0106).</exception>
    public static ElfObjectBuilder From(ElfObject source) => From(source, out _, out _);

    /// <summary>As <see cref="From(ElfObject)"/>, and tells which draft stands for which section and symbol.</summary>
    /// <exception cref="DiagnosticException">The object is not relocatable (LP0106).</exception>
    public static ElfObjectBuilder From(
        ElfObject source,
        out IReadOnlyDictionary<ElfSection, ElfSectionDraft> sections,
        out IReadOnlyDictionary<ElfSymbol, ElfSymbolDraft> symbols)
    {
        if (source.Header.Type != ElfConstants.EtRel)
        {
            throw new DiagnosticException(
                ElfDiagnostics.CannotWrite.At(source.Name, "Only relocatable objects and modules are rewritten."));
        }

        return new ElfObjectCopier(source).Copy(out sections, out symbols);
    }

    internal static ElfObjectBuilder WithHeader(ElfHeader header) => new(header);

    /// <summary>Appends a section.</summary>
    public ElfSectionDraft AddSection(string name, uint type)
    {
        var section = new ElfSectionDraft(name, type);
        _sections.Add(section);
        return section;
    }

    /// <summary>Appends an empty RELA section for a target, named and flagged as assemblers do.</summary>
    public ElfSectionDraft AddRelocationSection(ElfSectionDraft target)
    {
        var section = AddSection(".rela" + target.Name, ElfConstants.ShtRela);
        section.Flags = ElfConstants.ShfInfoLink;
        section.Alignment = 8;
        section.EntrySize = ElfConstants.RelaSize;
        section.Target = target;
        return section;
    }

    /// <summary>Appends a symbol.</summary>
    public ElfSymbolDraft AddSymbol(string name)
    {
        var symbol = new ElfSymbolDraft(name);
        _symbols.Add(symbol);
        return symbol;
    }

    /// <summary>Drops a section; what still refers to it makes <see cref="ToArray"/> fail.</summary>
    public void RemoveSection(ElfSectionDraft section) => _sections.Remove(section);

    /// <summary>Drops sections; what still refers to them makes <see cref="ToArray"/> fail. For many, far faster than one by one.</summary>
    public void RemoveSections(Predicate<ElfSectionDraft> match) => _sections.RemoveAll(match);

    /// <summary>Drops symbols; what still refers to them makes <see cref="ToArray"/> fail.</summary>
    public void RemoveSymbols(Predicate<ElfSymbolDraft> match) => _symbols.RemoveAll(match);

    /// <summary>The finished file.</summary>
    /// <exception cref="DiagnosticException">Something refers to a section or symbol that was dropped (LP0106).</exception>
    public byte[] ToArray() => new ElfWriter(this).Write();
}

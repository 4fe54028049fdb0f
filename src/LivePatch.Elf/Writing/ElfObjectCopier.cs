using LivePatch.Elf.Native;

namespace LivePatch.Elf.Writing;

/// <summary>Makes drafts of a parsed object's sections and symbols.</summary>
internal sealed class ElfObjectCopier(ElfObject source)
{
    private readonly Dictionary<ElfSection, ElfSectionDraft> _sections = [];
    private readonly Dictionary<ElfSymbol, ElfSymbolDraft> _symbols = [];

    public ElfObjectBuilder Copy(
        out IReadOnlyDictionary<ElfSection, ElfSectionDraft> sections,
        out IReadOnlyDictionary<ElfSymbol, ElfSymbolDraft> symbols)
    {
        var builder = ElfObjectBuilder.WithHeader(source.Header with { ProgramHeaderCount = 0 });
        var tables = LeftOut();
        foreach (var section in source.Sections.Skip(1))
        {
            if (!tables.Contains(section))
            {
                _sections.Add(section, CopySection(builder, section));
            }
        }

        foreach (var symbol in source.Symbols.Skip(1))
        {
            _symbols.Add(symbol, CopySymbol(builder, symbol));
        }

        foreach (var (original, draft) in _sections)
        {
            Connect(original, draft);
        }

        sections = _sections;
        symbols = _symbols;
        return builder;
    }

    /// <summary>
    /// The tables the writer makes anew (symbols, their names and extended indexes, section names), and
    /// SHT_REL tables, which this layer does not understand: the reader lets them through only where they
    /// apply to nothing that is loaded.
    /// </summary>
    private HashSet<ElfSection> LeftOut()
    {
        var tables = new HashSet<ElfSection>();
        if (source.SymbolTable is { } symbols)
        {
            tables.Add(symbols);
            tables.Add(source.Sections[(int)symbols.Link]);
        }

        if (source.NameTable is { } names)
        {
            tables.Add(names);
        }

        foreach (var section in source.Sections)
        {
            if (section.Type is ElfConstants.ShtSymtabShndx or ElfConstants.ShtRel)
            {
                tables.Add(section);
            }
        }

        return tables;
    }

    private static ElfSectionDraft CopySection(ElfObjectBuilder builder, ElfSection section)
    {
        var draft = builder.AddSection(section.Name, section.Type);
        draft.Flags = section.Flags;
        draft.Address = section.Address;
        draft.Alignment = section.Alignment;
        draft.EntrySize = section.EntrySize;
        draft.Data = section.Data;
        draft.NobitsSize = section.Type == ElfConstants.ShtNobits ? section.Size : 0;
        draft.Info = section.Info;
        return draft;
    }

    private ElfSymbolDraft CopySymbol(ElfObjectBuilder builder, ElfSymbol symbol)
    {
        var draft = builder.AddSymbol(symbol.Name);
        draft.Value = symbol.Value;
        draft.Size = symbol.Size;
        draft.Binding = symbol.Binding;
        draft.Type = symbol.Type;
        draft.Other = symbol.Other;
        if (symbol.Section is not null && _sections.TryGetValue(symbol.Section, out var section))
        {
            draft.Section = section;
        }
        else
        {
            draft.ReservedIndex = symbol.Section is null ? symbol.RawSectionIndex : ElfConstants.ShnUndef;
        }

        return draft;
    }

    private void Connect(ElfSection original, ElfSectionDraft draft)
    {
        if (original.IsRela)
        {
            draft.Target = original.Target is null ? null : _sections.GetValueOrDefault(original.Target);
            foreach (var entry in original.Entries)
            {
                draft.Relocations.Add(new ElfRelocationDraft(
                    entry.Offset, entry.Type, entry.Symbol.Index == 0 ? null : _symbols[entry.Symbol], entry.Addend));
            }
        }
        else if (original.Type == ElfConstants.ShtGroup)
        {
            draft.GroupFlags = original.Order.ReadUInt32(original.Data.Span);
            draft.GroupSignature = original.Info < (uint)source.Symbols.Count
                ? _symbols.GetValueOrDefault(source.Symbols[(int)original.Info])
                : null;
            draft.GroupMembers.AddRange(original.GroupMembers.Where(_sections.ContainsKey).Select(member => _sections[member]));
        }
        else if (original.Link != 0 && original.Link < (uint)source.Sections.Count)
        {
            draft.LinksToSymbolTable = source.Sections[(int)original.Link] == source.SymbolTable;
            draft.LinkedSection = _sections.GetValueOrDefault(source.Sections[(int)original.Link]);
        }
    }
}

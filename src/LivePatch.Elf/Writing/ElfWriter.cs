using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Native;
using LivePatch.Elf.Reading;

namespace LivePatch.Elf.Writing;

/// <summary>Bytes from a builder: numbers sections and symbols, makes the tables, computes the layout, writes.</summary>
internal sealed class ElfWriter(ElfObjectBuilder builder)
{
    private readonly List<ElfSectionDraft?> _sections = [null];
    private readonly Dictionary<ElfSectionDraft, uint> _sectionIndexes = [];
    private readonly Dictionary<ElfSymbolDraft, uint> _symbolIndexes = [];
    private readonly StringTableBuilder _sectionNames = new();

    public byte[] Write()
    {
        foreach (var section in builder.Sections)
        {
            Number(section);
        }

        var ordered = builder.Symbols.Where(static symbol => symbol.Binding == ElfSymbolBinding.Local)
            .Concat(builder.Symbols.Where(static symbol => symbol.Binding != ElfSymbolBinding.Local))
            .ToArray();
        for (var index = 0; index < ordered.Length; index++)
        {
            _symbolIndexes.Add(ordered[index], (uint)index + 1);
        }

        var (symbolTable, names) = NeedsSymbolTable() ? AddTables(ordered) : (null, null);
        var nameTable = new ElfSectionDraft(".shstrtab", ElfConstants.ShtStrtab);
        Number(nameTable);

        var headers = new Elf64Shdr[_sections.Count];
        var contents = new ReadOnlyMemory<byte>[_sections.Count];
        var localCount = (uint)ordered.Count(static symbol => symbol.Binding == ElfSymbolBinding.Local) + 1;
        for (var index = 1; index < _sections.Count; index++)
        {
            var section = _sections[index]!;
            headers[index].Name = _sectionNames.Add(section.Name);
            contents[index] = Content(section);
            headers[index].Type = section.Type;
            headers[index].Flags = section.Flags;
            headers[index].Address = section.Address;
            headers[index].Alignment = section.Alignment;
            headers[index].EntrySize = section.EntrySize;
            (headers[index].Link, headers[index].Info) = LinkAndInfo(section, symbolTable, names, localCount);
        }

        contents[^1] = _sectionNames.ToArray();
        for (var index = 1; index < headers.Length; index++)
        {
            headers[index].Size = headers[index].Type == ElfConstants.ShtNobits
                ? _sections[index]!.NobitsSize
                : (ulong)contents[index].Length;
        }

        return Assemble(headers, contents);
    }

    private bool NeedsSymbolTable() =>
        builder.Symbols.Count > 0
        || builder.Sections.Any(static section =>
            section.LinksToSymbolTable || section.Type is ElfConstants.ShtRela or ElfConstants.ShtGroup);

    private void Number(ElfSectionDraft section)
    {
        _sectionIndexes.Add(section, (uint)_sections.Count);
        _sections.Add(section);
    }

    private (ElfSectionDraft SymbolTable, ElfSectionDraft Names) AddTables(ElfSymbolDraft[] ordered)
    {
        var strings = new StringTableBuilder();
        var entries = new Elf64Sym[ordered.Length + 1];
        var extended = new uint[ordered.Length + 1];
        var needsExtended = false;
        for (var index = 0; index < ordered.Length; index++)
        {
            var symbol = ordered[index];
            ref var entry = ref entries[index + 1];
            entry.Name = strings.Add(symbol.Name);
            entry.Info = (byte)(((byte)symbol.Binding << 4) | (byte)symbol.Type);
            entry.Other = symbol.Other;
            entry.Value = symbol.Value;
            entry.Size = symbol.Size;
            entry.SectionIndex = symbol.ReservedIndex;
            if (symbol.Section is not null)
            {
                var number = IndexOf(symbol.Section, symbol.Name);
                if (number >= ElfConstants.ShnLoreserve)
                {
                    entry.SectionIndex = ElfConstants.ShnXindex;
                    extended[index + 1] = number;
                    needsExtended = true;
                }
                else
                {
                    entry.SectionIndex = (ushort)number;
                }
            }
        }

        var table = new ElfSectionDraft(".symtab", ElfConstants.ShtSymtab)
        {
            Alignment = 8,
            EntrySize = ElfConstants.SymSize,
            Data = Bytes(entries),
        };
        Number(table);
        if (needsExtended)
        {
            Number(new ElfSectionDraft(".symtab_shndx", ElfConstants.ShtSymtabShndx)
            {
                Alignment = 4,
                EntrySize = sizeof(uint),
                Data = builder.Header.Order.WriteWords(extended),
                LinkedSection = table,
            });
        }

        var names = new ElfSectionDraft(".strtab", ElfConstants.ShtStrtab) { Data = strings.ToArray() };
        Number(names);
        return (table, names);
    }

    private ReadOnlyMemory<byte> Content(ElfSectionDraft section)
    {
        switch (section.Type)
        {
            case ElfConstants.ShtNobits:
                return default;
            case ElfConstants.ShtRela:
                var entries = new Elf64Rela[section.Relocations.Count];
                for (var index = 0; index < entries.Length; index++)
                {
                    var relocation = section.Relocations[index];
                    entries[index].Offset = relocation.Offset;
                    entries[index].Type = relocation.Type;
                    entries[index].Symbol = relocation.Symbol is null ? 0 : IndexOf(relocation.Symbol, section.Name);
                    entries[index].Addend = relocation.Addend;
                }

                return Bytes(entries);
            case ElfConstants.ShtGroup:
                uint[] words = [section.GroupFlags, .. section.GroupMembers.Select(member => IndexOf(member, section.Name))];
                return builder.Header.Order.WriteWords(words);
            default:
                return section.Data;
        }
    }

    private (uint Link, uint Info) LinkAndInfo(
        ElfSectionDraft section, ElfSectionDraft? symbolTable, ElfSectionDraft? names, uint localCount)
    {
        if (section == symbolTable && names is not null)
        {
            return (_sectionIndexes[names], localCount);
        }

        switch (section.Type)
        {
            case ElfConstants.ShtRela when section.Target is null:
                throw Failure($"Section {section.Name} relocates a section that was dropped.");
            case ElfConstants.ShtRela:
                return (IndexOf(symbolTable!, section.Name), IndexOf(section.Target, section.Name));
            case ElfConstants.ShtGroup:
                return (
                    IndexOf(symbolTable!, section.Name),
                    section.GroupSignature is null ? section.Info : IndexOf(section.GroupSignature, section.Name));
            default:
                return (Link(section, symbolTable), section.Info);
        }
    }

    private uint Link(ElfSectionDraft section, ElfSectionDraft? symbolTable)
    {
        if (section.LinksToSymbolTable)
        {
            return IndexOf(symbolTable!, section.Name);
        }

        return section.LinkedSection is null ? 0 : IndexOf(section.LinkedSection, section.Name);
    }

    private byte[] Assemble(Elf64Shdr[] headers, ReadOnlyMemory<byte>[] contents)
    {
        var layout = ElfLayout.Compute([.. headers.Select(static header => (header.Type, header.Alignment, header.Size))]);
        for (var index = 1; index < headers.Length; index++)
        {
            headers[index].Offset = layout.Offsets[index];
        }

        if (layout.FileSize > (ulong)Array.MaxLength)
        {
            throw Failure($"The object would have 0x{layout.FileSize:x} bytes.");
        }

        var file = new byte[layout.FileSize];
        var header = new Elf64Ehdr
        {
            Type = builder.Header.Type,
            Machine = builder.Header.Machine,
            Version = ElfConstants.EvCurrent,
            Entry = builder.Header.Entry,
            SectionHeaderOffset = layout.SectionHeaderOffset,
            Flags = builder.Header.Flags,
            HeaderSize = ElfConstants.EhdrSize,
            SectionHeaderSize = ElfConstants.ShdrSize,
        };
        Span<byte> ident = header.Ident;
        "\u007fELF"u8.CopyTo(ident);
        ident[4] = ElfConstants.ElfClass64;
        ident[5] = builder.Header.Order.IsBig ? ElfConstants.ElfData2Msb : ElfConstants.ElfData2Lsb;
        ident[6] = ElfConstants.EvCurrent;
        ident[7] = builder.Header.OsAbi;
        ident[8] = builder.Header.AbiVersion;

        // Numbers that do not fit the 16-bit fields go to the null section's header (gABI).
        if (headers.Length >= ElfConstants.ShnLoreserve)
        {
            headers[0].Size = (ulong)headers.Length;
            headers[0].Link = (uint)headers.Length - 1;
            header.SectionNameIndex = ElfConstants.ShnXindex;
        }
        else
        {
            header.SectionHeaderCount = (ushort)headers.Length;
            header.SectionNameIndex = (ushort)(headers.Length - 1);
        }

        Bytes([header]).CopyTo(file, 0);
        for (var index = 1; index < headers.Length; index++)
        {
            contents[index].Span.CopyTo(file.AsSpan((int)headers[index].Offset));
        }

        Bytes(headers).CopyTo(file, (int)layout.SectionHeaderOffset);
        return file;
    }

    /// <summary>Structures as they lie in the file.</summary>
    private byte[] Bytes<T>(T[] entries)
        where T : unmanaged, IElfStructure =>
        MemoryMarshal.AsBytes(ElfSpan.Structures<T>(MemoryMarshal.AsBytes<T>(entries), builder.Header.Order)).ToArray();

    private uint IndexOf(ElfSectionDraft section, string user) =>
        _sectionIndexes.TryGetValue(section, out var index)
            ? index
            : throw Failure($"{user} refers to section {section.Name}, which was dropped.");

    private uint IndexOf(ElfSymbolDraft symbol, string user) =>
        _symbolIndexes.TryGetValue(symbol, out var index)
            ? index
            : throw Failure($"{user} refers to symbol {symbol.Name}, which was dropped.");

    private static DiagnosticException Failure(string text) => new(ElfDiagnostics.CannotWrite.Anywhere(text));
}

using LivePatch.Elf.Native;

namespace LivePatch.Elf.Reading;

/// <summary>The symbol table and its extended section indexes.</summary>
internal sealed partial class ElfReader
{
    private bool ReadSymbols()
    {
        foreach (var section in _sections)
        {
            if (section.Type != ElfConstants.ShtSymtab)
            {
                continue;
            }

            if (_symbolTable is not null)
            {
                return Fail(ElfDiagnostics.BadTable, section.Name, 0, "The file has a second symbol table.");
            }

            _symbolTable = section;
        }

        if (_symbolTable is null)
        {
            return true;
        }

        if (!_span.TryTable<Elf64Sym>(_symbolTable.Data, _symbolTable.EntrySize, "The symbol table", _order, out var entries))
        {
            return false;
        }

        if (_symbolTable.Link >= (uint)_sections.Length)
        {
            return Fail(
                ElfDiagnostics.BadIndex, _symbolTable.Name, 0, $"Symbol names are in section {_symbolTable.Link}, which does not exist.");
        }

        if (!ExtendedIndexes(entries.Length, out var extended))
        {
            return false;
        }

        var names = new ElfStringTable(_sections[_symbolTable.Link].Data, _name, _diagnostics);
        _symbols = new ElfSymbol[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            ref readonly var entry = ref entries[index];
            if (!names.TryGet(entry.Name, index, "Symbol", out var name)
                || !SymbolSection(index, entry, extended, name, out var section))
            {
                return false;
            }

            var symbol = new ElfSymbol(index, name, entry.Value, entry.Size, entry.Info, entry.Other, entry.SectionIndex, section);
            _symbols[index] = symbol;
            if (symbol.Type == ElfSymbolType.Section && section is not null)
            {
                section.SectionSymbol ??= symbol;
            }
        }

        return true;
    }

    private bool ExtendedIndexes(int symbolCount, out ReadOnlySpan<uint> extended)
    {
        extended = default;
        foreach (var section in _sections)
        {
            if (section.Type != ElfConstants.ShtSymtabShndx || section.Link != (uint)_symbolTable!.Index)
            {
                continue;
            }

            extended = _order.ReadWords(section.Data.Span);
            if (extended.Length < symbolCount)
            {
                return Fail(ElfDiagnostics.BadTable, section.Name, 0, $"It has {extended.Length} entries for {symbolCount} symbols.");
            }
        }

        return true;
    }

    private bool SymbolSection(int index, in Elf64Sym entry, ReadOnlySpan<uint> extended, string name, out ElfSection? section)
    {
        section = null;
        uint number = entry.SectionIndex;
        if (number == ElfConstants.ShnXindex)
        {
            if (extended.IsEmpty)
            {
                return Fail(
                    ElfDiagnostics.BadIndex, $"Symbol {index} '{name}' has an extended section index and the file has no table of them.");
            }

            number = extended[index];
        }
        else if (number is ElfConstants.ShnUndef or >= ElfConstants.ShnLoreserve)
        {
            return true;
        }

        if (number == 0 || number >= (uint)_sections.Length)
        {
            return Fail(
                ElfDiagnostics.BadIndex,
                $"Symbol {index} '{name}' is defined in section {number}, and there are {_sections.Length} sections.");
        }

        section = _sections[number];
        return CheckRange(index, entry, name, section);
    }

    /// <summary>
    /// In a relocatable file a symbol names a range of its section. An end marker may start at the section's
    /// end; nothing lies beyond it, and everybody who cuts a symbol's bytes out relies on that.
    /// </summary>
    private bool CheckRange(int index, in Elf64Sym entry, string name, ElfSection section) =>
        _header.Type != ElfConstants.EtRel
        || (entry.Value <= section.Size && entry.Size <= section.Size - entry.Value)
        || Fail(
            ElfDiagnostics.OutOfBounds,
            section.Name,
            entry.Value,
            $"Symbol {index} '{name}' has 0x{entry.Size:x} bytes there, and the section 0x{section.Size:x}.");
}

using System.Runtime.InteropServices;
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

        if (!_span.TryTable<Elf64Sym>(_symbolTable.Data, _symbolTable.EntrySize, "The symbol table", out var entries))
        {
            return false;
        }

        if (_symbolTable.Link >= (uint)_sections.Length)
        {
            return Fail(ElfDiagnostics.BadIndex, _symbolTable.Name, 0, $"Symbol names are in section {_symbolTable.Link}, which does not exist.");
        }

        if (!ExtendedIndexes(entries.Length, out var extended))
        {
            return false;
        }

        var names = _sections[_symbolTable.Link].Data.Span;
        _symbols = new ElfSymbol[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            ref readonly var entry = ref entries[index];
            if (!_span.TryString(names, entry.Name, $"Symbol {index}", out var name)
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

            extended = MemoryMarshal.Cast<byte, uint>(section.Data.Span);
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
                return Fail(ElfDiagnostics.BadIndex, $"Symbol {index} '{name}' has an extended section index and the file has no table of them.");
            }

            number = extended[index];
        }
        else if (number is ElfConstants.ShnUndef or >= ElfConstants.ShnLoreserve)
        {
            return true;
        }

        if (number >= (uint)_sections.Length)
        {
            return Fail(ElfDiagnostics.BadIndex, $"Symbol {index} '{name}' is defined in section {number}, and there are {_sections.Length} sections.");
        }

        section = _sections[number];
        return true;
    }
}

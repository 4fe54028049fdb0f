using LivePatch.Elf.Native;

namespace LivePatch.Elf.Reading;

/// <summary>Relocation and group sections. Only relocatable files are looked at: in a linked file r_offset is an address.</summary>
internal sealed partial class ElfReader
{
    private bool ReadRelocations()
    {
        if (_header.Type != ElfConstants.EtRel)
        {
            return true;
        }

        foreach (var section in _sections)
        {
            // Tables for tools, such as .rel.llvm.call-graph-profile, are left alone.
            if (section.Type == ElfConstants.ShtRel && section.Info < (uint)_sections.Length && _sections[section.Info].IsAllocated)
            {
                return Fail(ElfDiagnostics.Unsupported, section.Name, 0, "Relocations without addends (SHT_REL) are not read.");
            }

            if (section.IsRela && !ReadRelocations(section))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadRelocations(ElfSection section)
    {
        if (!_span.TryTable<Elf64Rela>(section.Data, section.EntrySize, $"Section {section.Name}", _order, out var entries))
        {
            return false;
        }

        if (section.Info == 0 || section.Info >= (uint)_sections.Length)
        {
            return Fail(ElfDiagnostics.BadIndex, section.Name, 0, $"It relocates section {section.Info}, which does not exist.");
        }

        if (_symbolTable is null || section.Link != (uint)_symbolTable.Index)
        {
            return Fail(
                ElfDiagnostics.BadIndex, section.Name, 0, $"Its symbols are in section {section.Link}, which is not the symbol table.");
        }

        var target = _sections[section.Info];

        // A compressed section's relocations apply to what it unpacks to (gABI, SHF_COMPRESSED).
        var limit = (target.Flags & ElfConstants.ShfCompressed) == 0 ? target.Size : ulong.MaxValue;
        var relocations = new ElfRelocation[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            ref readonly var entry = ref entries[index];
            if (entry.Symbol >= (uint)_symbols.Length)
            {
                return Fail(
                    ElfDiagnostics.BadIndex,
                    section.Name,
                    (ulong)index * ElfConstants.RelaSize,
                    $"It refers to symbol {entry.Symbol}, and there are {_symbols.Length} symbols.");
            }

            if (entry.Offset >= limit)
            {
                return Fail(
                    ElfDiagnostics.OutOfBounds,
                    section.Name,
                    (ulong)index * ElfConstants.RelaSize,
                    $"It relocates offset 0x{entry.Offset:x} of {target.Name}, which has 0x{target.Size:x} bytes.");
            }

            relocations[index] = new ElfRelocation(entry.Offset, entry.Type, _symbols[entry.Symbol], entry.Addend);
        }

        section.Entries = relocations;
        section.Target = target;
        target.AddRelocationSection(section);
        return true;
    }

    private bool ReadGroups()
    {
        if (_header.Type != ElfConstants.EtRel)
        {
            return true;
        }

        foreach (var section in _sections)
        {
            if (section.Type != ElfConstants.ShtGroup)
            {
                continue;
            }

            // The first word is the flags, the rest are section indexes (gABI, "Section groups").
            var words = _order.ReadWords(section.Data.Span);
            if (words.IsEmpty || section.Data.Length % sizeof(uint) != 0)
            {
                return Fail(ElfDiagnostics.BadTable, section.Name, 0, $"A section group of {section.Data.Length} bytes is malformed.");
            }

            var members = new List<ElfSection>(words.Length - 1);
            foreach (var member in words[1..])
            {
                if (member == 0 || member >= (uint)_sections.Length)
                {
                    return Fail(ElfDiagnostics.BadIndex, section.Name, 0, $"A section group names section {member}, which does not exist.");
                }

                members.Add(_sections[member]);
            }

            section.GroupMembers = members;
        }

        return true;
    }
}

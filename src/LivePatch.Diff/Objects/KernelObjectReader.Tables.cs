using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>Cutting special tables by entries and out-of-line code by the places referred to.</summary>
public sealed partial class KernelObjectReader
{
    /// <summary>
    /// Tables the catalog does not name: sections without symbols whose relocations form entries of one size, each
    /// with one field that refers to code. Their entries follow their functions like those of the tables known. They are about places
    /// inside functions; where all lead to functions as such, the table is one of handlers that the kernel collects, and no function's.
    /// </summary>
    private void FindUnknownTables()
    {
        var named =
            _elf.Symbols.Where(static symbol => symbol is { Section: not null, Type: not ElfSymbolType.Section })
                .Select(static symbol => symbol.Section!)
                .ToHashSet();
        var found = new List<SpecialSection>();
        foreach (var section in _elf.Sections)
        {
            if (_classes[section.Index] is not (SectionClass.Data or SectionClass.ReadOnlyData) || named.Contains(section) || section.Relocations.Count == 0
                || section.Name.StartsWith(".data", StringComparison.Ordinal)
                    || section.Name.StartsWith(".rodata", StringComparison.Ordinal) || found.Exists(known => known.Name == section.Name)
                || TableShape(section) is not { } shape)
            {
                continue;
            }

            found.Add(
                new SpecialSection(
                    section.Name, SpecialSectionRule.Plain, FixedEntrySize: shape.EntrySize, OwnerOffset: shape.OwnerOffset));
        }

        if (found.Count == 0)
        {
            return;
        }

        // By name, as entries are compared in this order and sections may be in any.
        _catalog = _catalog.With(found.OrderBy(static table => table.Name, StringComparer.Ordinal));
        foreach (var section in _elf.Sections.Where(section => found.Exists(known => known.Name == section.Name)))
        {
            _classes[section.Index] = SectionClass.SpecialTable;
        }
    }

    private HashSet<(ElfSection Section, ulong Value)>? _entries;

    private bool IsEntry(ElfSymbol symbol, long addend)
    {
        _entries ??= [
            .. _elf.Symbols.Where(static item => item is { Type: ElfSymbolType.Function, Section: not null })
                .Select(static item => (item.Section!, item.Value))];
        return _entries.Contains((symbol.Section!, symbol.Value + (ulong)addend));
    }

    private (int EntrySize, int OwnerOffset)? TableShape(ElfSection section)
    {
        var code =
            section.Relocations.Where(static relocation => relocation.Symbol.Section is { IsCode: true })
                .Select(static relocation => relocation.Offset)
                .Order()
                .ToList();
        if (code.Count == 0)
        {
            return null;
        }

        if (section.Relocations.Where(static relocation => relocation.Symbol.Section is { IsCode: true })
            .All(relocation => IsEntry(relocation.Symbol, relocation.Addend)))
        {
            return null;
        }

        var size = code.Count == 1 ? section.Size : code[1] - code[0];
        return size > 0 && section.Size == size * (ulong)code.Count && code[0] < size
            && code.Select((offset, index) => offset - ((ulong)index * size)).All(offset => offset == code[0])
            ? ((int)size, (int)code[0])
            : null;
    }

    private bool CutTables()
    {
        foreach (var section in _elf.Sections)
        {
            if (_classes[section.Index] != SectionClass.SpecialTable || section.Size == 0)
            {
                continue;
            }

            var special = _catalog.Find(section.Name)!;
            if (EntrySize(section, special) is not { } entrySize)
            {
                return false;
            }

            var atoms = new List<Atom>();
            for (ulong start = 0; start < section.Size; start += entrySize)
            {
                atoms.Add(
                    NewAtom(
                        section,
                        SectionClass.SpecialTable,
                        AtomKind.Attachment,
                        start,
                        Math.Min(start + entrySize, section.Size),
                        [],
                        null));
            }

            _atoms[section.Index] = [.. atoms];
            NameTableSymbols(section);
        }

        return true;
    }

    private ILookup<ElfSection, ElfSymbol>? _symbolsBySection;

    private void NameTableSymbols(ElfSection section)
    {
        _symbolsBySection ??= _elf.Symbols.Where(static symbol => symbol.Section is not null).ToLookup(static symbol => symbol.Section!);
        foreach (var symbol in _symbolsBySection[section])
        {
            if (AtomSearch.Find(_atoms[section.Index], symbol.Value) is { } atom && symbol.Value < atom.End)
            {
                _atomsBySymbol.TryAdd(symbol, atom);
            }
        }
    }

    /// <summary>
    /// Bytes per entry: what the target kernel says, checked against the table; else sh_entsize; else the distance
    /// between owner fields, which must be the same all the way. A table none of these explains is an error, because
    /// a wrong size would hand one function's entries to another.
    /// </summary>
    private ulong? EntrySize(ElfSection section, SpecialSection special)
    {
        var known = _catalog.KnownEntrySize(special);
        if (special.Rule == SpecialSectionRule.UnwindEntries)
        {
            // These have no relocations; there are as many as addresses.
            var addresses = special.Companion is null ? null : _elf.FindSection(special.Companion);
            var count = addresses is null ? 0 : addresses.Size / 4;
            if (count == 0 || section.Size % count != 0 || (known is { } told && section.Size / count != (ulong)told))
            {
                return Malformed(section, $"It has 0x{section.Size:x} bytes for {count} entries of {special.Companion}.");
            }

            return section.Size / count;
        }

        if (known is { } size)
        {
            return CheckEntries(section, special, (ulong)size) ? (ulong)size : null;
        }

        if (section.EntrySize > 1 && section.Size % section.EntrySize == 0)
        {
            return CheckEntries(section, special, section.EntrySize) ? section.EntrySize : null;
        }

        return InferEntrySize(section, special);
    }

    private bool CheckEntries(ElfSection section, SpecialSection special, ulong size)
    {
        if (section.Size % size != 0 && !special.ShortLastEntry)
        {
            Malformed(section, $"Its 0x{section.Size:x} bytes are no multiple of the {size} bytes an entry has in this kernel.");
            return false;
        }

        // A key or a type in the owner's place means that entries have another size.
        var owners = new HashSet<ulong>();
        foreach (var relocation in section.Relocations)
        {
            if (relocation.Offset % size == (ulong)special.OwnerOffset
                && (special.FixedEntrySize is not null || relocation.Symbol.Section is { IsCode: true }))
            {
                owners.Add(relocation.Offset / size);
            }
        }

        if ((ulong)owners.Count != (section.Size + size - 1) / size)
        {
            Malformed(
                section,
                $"{owners.Count} of its entries refer to code, and it has {(section.Size + size - 1) / size} entries of {size} bytes.");
            return false;
        }

        return true;
    }

    private ulong? InferEntrySize(ElfSection section, SpecialSection special)
    {
        // Owner fields refer to code; of those, every entry has exactly one at the owner's offset.
        var offsets = section.Relocations
            .Select(static relocation => relocation.Offset)
            .Order()
            .ToArray();
        if (offsets.Length == 0 || offsets[0] != (ulong)special.OwnerOffset)
        {
            return Malformed(section, "Its first entry refers to no code.");
        }

        // The smallest period under which the pattern of relocated offsets repeats.
        foreach (var candidate in offsets.Skip(1)
            .Select(offset => offset - offsets[0])
            .Append(section.Size)
            .Where(static distance => distance > 0)
            .Distinct())
        {
            if ((section.Size % candidate == 0 || special.ShortLastEntry) && Repeats(section, offsets, candidate))
            {
                return candidate;
            }
        }

        return Malformed(section, "Its entries have no common size.");
    }

    private static bool Repeats(ElfSection section, ulong[] offsets, ulong period)
    {
        var first = offsets.TakeWhile(offset => offset < period).ToArray();
        if ((ulong)offsets.Length != (ulong)first.Length * ((section.Size + period - 1) / period))
        {
            return false;
        }

        // Same offsets are not enough: in a table of pairs (code, data) half the period would pass as well.
        var types = section.Relocations.OrderBy(static relocation => relocation.Offset).Select(Kind).ToArray();
        for (var index = 0; index < offsets.Length; index++)
        {
            if (offsets[index] != first[index % first.Length] + ((ulong)(index / first.Length) * period)
                || types[index] != types[index % first.Length])
            {
                return false;
            }
        }

        return true;

        static (uint, bool) Kind(ElfRelocation relocation) =>
            (relocation.Type, relocation.Symbol.Section?.IsCode ?? false);
    }

    /// <summary>True for the field of an entry that says where in the code it applies, which may be inside a piece.</summary>
    private bool IsOwnerField(ElfSection table, SpecialSection special, ulong offset) =>
        AtomSearch.Find(_atoms[table.Index], offset) is { } entry && offset - entry.Start == (ulong)special.OwnerOffset;

    private ulong? Malformed(ElfSection section, string text)
    {
        _diagnostics.Add(DiffDiagnostics.BadSpecialSection.At(DiagnosticLocation.InSection(_elf.Name, section.Name), text));
        return null;
    }

    /// <summary>
    /// Replacement code has no symbols: it is cut where something refers to it, which is where each piece begins.
    /// </summary>
    private void CutOutOfLineCode()
    {
        var targets = new Dictionary<ElfSection, SortedSet<ulong>>();
        var replacements = new HashSet<ElfSection>();
        foreach (var section in _elf.Sections)
        {
            if (_classes[section.Index] == SectionClass.OutOfLineCode && section.Size > 0)
            {
                targets.Add(section, [0]);
            }
        }

        if (targets.Count == 0)
        {
            return;
        }

        foreach (var section in _elf.Sections)
        {
            if (!section.IsRela || section.Target is not { } relocated || _classes[relocated.Index] == SectionClass.Ignored)
            {
                continue;
            }

            // Unwind and site tables point into the middle of pieces; only code, alternatives and repairs begin them.
            var special = _catalog.Find(relocated.Name);
            var isReplacement = special is { Rule: SpecialSectionRule.Alternative };
            if (special is { Rule: not (SpecialSectionRule.Alternative or SpecialSectionRule.ExceptionTable) })
            {
                continue;
            }

            foreach (var relocation in section.Entries)
            {
                if (special is not null && IsOwnerField(relocated, special, relocation.Offset))
                {
                    continue;
                }

                if (relocation.Symbol.Section is { } target && target != relocated && targets.TryGetValue(target, out var cuts))
                {
                    var (address, _) = TargetAddress(relocated, relocation);
                    if (isReplacement)
                    {
                        replacements.Add(target);
                    }

                    if (address >= 0 && (ulong)address < target.Size)
                    {
                        cuts.Add((ulong)address);
                    }
                }
            }
        }

        foreach (var (section, cuts) in targets)
        {
            // A replacement ends where its entry says; other code that runs on past a place referred to is one piece with what follows.
            var starts = replacements.Contains(section) ? [.. cuts] : WithoutRunningOn(section, cuts);
            _atoms[section.Index] = [.. starts.Select((start, index) => NewAtom(
                section, SectionClass.OutOfLineCode, AtomKind.Attachment, start, index + 1 < starts.Length
                    ? starts[index + 1]
                    : section.Size, [], null))];
            NameTableSymbols(section);
        }
    }

    private ulong[] WithoutRunningOn(ElfSection section, SortedSet<ulong> cuts)
    {
        var code = section.Data.Span;
        ulong start = 0;
        var runsOn = new HashSet<ulong>();
        foreach (var end in _architecture.Instructions.Ends(code))
        {
            if (_architecture.Instructions.RunsOn(code[(int)start..(int)end]))
            {
                runsOn.Add(end);
            }

            start = end;
        }

        return [.. cuts.Where(cut => cut == 0 || !runsOn.Contains(cut))];
    }

    /// <summary>
    /// Code that functions jump to and that has no symbol of its own, in a section the catalog does not name: such pieces
    /// (.text..refcount and the like) belong to the functions as those of .fixup do.
    /// </summary>
    private void FindUnknownPieces()
    {
        var named =
            _elf.Symbols.Where(static symbol => symbol is { Section: not null, Type: not ElfSymbolType.Section })
                .Select(static symbol => symbol.Section!)
                .ToHashSet();
        var open =
            _elf.Sections.Where(section => _classes[section.Index] == SectionClass.Code && section.Size > 0 && !named.Contains(section))
                .ToHashSet();
        if (open.Count == 0)
        {
            return;
        }

        foreach (var section in _elf.Sections.Where(static section => section.IsRela && section.Target is { IsCode: true }))
        {
            foreach (var target in section.Entries.Select(static relocation => relocation.Symbol.Section)
                .Where(target => target is not null && target != section.Target && open.Contains(target)))
            {
                _classes[target!.Index] = SectionClass.OutOfLineCode;
            }
        }
    }

    /// <summary>
    /// An alternative without replacement code still names a place, at which another one's code begins. It means nothing, so it is
    /// made to name the code that the entry is about.
    /// </summary>
    private void ForgetEmptyReplacements()
    {
        foreach (var section in _elf.Sections.Where(section => _classes[section.Index] == SectionClass.SpecialTable))
        {
            if (_catalog.Find(section.Name) is not { Rule: SpecialSectionRule.Alternative } special)
            {
                continue;
            }

            foreach (var entry in _atoms[section.Index])
            {
                if (_architecture.Tables.ReplacementBytes(section.Name, entry.Bytes) == 0
                    && entry.References.FirstOrDefault(
                        reference => reference.Offset == (ulong)special.OwnerOffset) is { Target: not null } owner)
                {
                    entry.References = [.. entry.References.Select(reference =>
                        owner with { Offset = reference.Offset, Relocation = owner.Relocation with { Offset = reference.Relocation.Offset } })];
                }
            }
        }
    }
}

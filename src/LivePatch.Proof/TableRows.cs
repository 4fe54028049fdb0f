using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>The entries of a file's special tables, by the code they belong to.</summary>
internal sealed class TableRows
{
    private readonly Dictionary<(string Table, ElfSection Code), List<TableRow>> _byCode = [];
    private readonly Dictionary<ElfSection, List<TableRow>> _bySection = [];

    public TableRows(LoadedFile file, SpecialSectionCatalog catalog)
    {
        var known = catalog.Sections.ToDictionary(static special => special.Name, StringComparer.Ordinal);
        foreach (var section in file.Elf.Sections.Where(static section => section.IsAllocated && section.Size > 0
            && section.Relocations.Count > 0))
        {
            // Tables of places that the kernel writes to at boot are not the loader's, and are named by the machine.
            var special = known.GetValueOrDefault(section.Name)
                ?? (file.Architecture.Tables.RuntimeConstant(section.Name) is null
                    ? null
                    : new SpecialSection(section.Name, SpecialSectionRule.Plain, FixedEntrySize: sizeof(int)));
            if (special is { Rule: not SpecialSectionRule.UnwindEntries }
                && (catalog.KnownEntrySize(special) ?? Infer(section)) is > 0 and var size)
            {
                Tables.Add(special);
                Read(file, section, special, size);
            }
        }

        foreach (var list in _byCode.Values)
        {
            var sorted = list.OrderBy(static row => row.Owner).ThenBy(static row => row.Start).ToList();
            list.Clear();
            list.AddRange(sorted);
        }
    }

    /// <summary>The tables the file has.</summary>
    public List<SpecialSection> Tables { get; } = [];

    /// <summary>Entries whose code could not be told.</summary>
    public List<(ElfSection Section, ulong Start)> Homeless { get; } = [];

    public IEnumerable<TableRow> All => _byCode.Values.SelectMany(static rows => rows);

    /// <summary>The entry an address lies in; null when it lies in none.</summary>
    public TableRow? At(Address address)
    {
        if (address.Section is null || !_bySection.TryGetValue(address.Section, out var rows))
        {
            return null;
        }

        foreach (var row in rows)
        {
            if (address.Offset >= (long)row.Start && address.Offset < (long)row.Start + row.Length)
            {
                return row;
            }
        }

        return null;
    }

    public bool Has(string table, ElfSection code) => _byCode.ContainsKey((table, code));

    /// <summary>All entries of a table for one section of code, by rising place.</summary>
    public IReadOnlyList<TableRow> Of(string table, ElfSection code) => _byCode.GetValueOrDefault((table, code)) ?? [];

    /// <summary>The entries of a table for a range of code.</summary>
    public IEnumerable<TableRow> In(string table, ElfSection code, ulong start, ulong end)
    {
        var rows = Of(table, code);
        int low = 0, high = rows.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (rows[middle].Owner < start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < rows.Count && rows[low].Owner < end; low++)
        {
            yield return rows[low];
        }
    }

    private void Read(LoadedFile file, ElfSection section, SpecialSection special, int size)
    {
        var relocations = file.RelocationsOf(section);
        var own = _bySection[section] = [];
        for (ulong start = 0; start < section.Size; start += (ulong)size)
        {
            var length = (int)Math.Min((ulong)size, section.Size - start);
            if (relocations.At(start + (ulong)special.OwnerOffset) is { } owner && IsWritten(file, special, owner)
                && file.Resolve(owner, 0) is { Section: { } code, Offset: >= 0 and var place })
            {
                if (!_byCode.TryGetValue((section.Name, code), out var list))
                {
                    _byCode.Add((section.Name, code), list = []);
                }

                var row = new TableRow(special, section, start, length, (ulong)place);
                list.Add(row);
                own.Add(row);
            }
            else
            {
                Homeless.Add((section, start));
            }
        }
    }

    /// <summary>Bare fields are distances of four bytes or whole addresses; one that is written otherwise leads nowhere.</summary>
    private static bool IsWritten(LoadedFile file, SpecialSection special, in ElfRelocation owner) =>
        special.FixedEntrySize is not { } size
        || (file.Architecture.Relocations.Find(owner.Type) is { } info && info.Width == size && info.IsPcRelative == (size == sizeof(int)));

    /// <summary>The smallest size under which all entries have their references at the same places.</summary>
    private static int? Infer(ElfSection section)
    {
        for (var size = 4; (ulong)size <= section.Size; size += 2)
        {
            if (section.Size % (ulong)size != 0)
            {
                continue;
            }

            var shapes = section.Relocations.GroupBy(relocation => relocation.Offset / (ulong)size)
                .Select(row => string.Join(',', row.Select(relocation => relocation.Offset % (ulong)size).Order())).Distinct().ToList();
            if (shapes.Count == 1 && section.Relocations.Count % (int)(section.Size / (ulong)size) == 0
                && section.Relocations.Select(relocation => relocation.Offset / (ulong)size).Distinct()
                    .Count() == (int)(section.Size / (ulong)size))
            {
                return size;
            }
        }

        return null;
    }
}

using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>The entries of an object's .debug_info with the ways between them.</summary>
internal sealed class DwarfTree
{
    private readonly IReadOnlyDictionary<long, int> _byOffset;
    private readonly int[] _firstChild;
    private readonly int[] _next;

    private DwarfTree(IReadOnlyList<DwarfEntry> entries, IReadOnlyDictionary<long, int> byOffset, IReadOnlyList<DwarfUnit> units)
    {
        (Entries, _byOffset, Units) = (entries, byOffset, units);
        _firstChild = new int[entries.Count];
        _next = new int[entries.Count];
        Array.Fill(_firstChild, -1);
        Array.Fill(_next, -1);
        for (var index = entries.Count - 1; index >= 0; index--)
        {
            if (entries[index].Parent is var parent and >= 0)
            {
                _next[index] = _firstChild[parent];
                _firstChild[parent] = index;
            }
        }
    }

    /// <summary>All entries in file order.</summary>
    public IReadOnlyList<DwarfEntry> Entries { get; }

    /// <summary>The units they are in.</summary>
    public IReadOnlyList<DwarfUnit> Units { get; }

    /// <summary>Reads an object's entries.</summary>
    public static DwarfTree Read(ElfObject file)
    {
        var (entries, byOffset, units) = DwarfReader.Read(file);
        return new DwarfTree(entries, byOffset, units);
    }

    /// <summary>The entry a reference leads to; null when there is none.</summary>
    public int? Find(long reference) => reference >= 0 && _byOffset.TryGetValue(reference, out var index) ? index : null;

    /// <summary>The entries directly inside another one, in order.</summary>
    public IEnumerable<int> ChildrenOf(int index)
    {
        for (var child = _firstChild[index]; child >= 0; child = _next[child])
        {
            yield return child;
        }
    }

    /// <summary>The entry that says what an instance or a completed declaration leaves out: the end of the way of origins.</summary>
    public int OriginOf(int index)
    {
        for (var step = 0; step < 8 && Find(Entries[index].Origin) is { } origin; step++)
        {
            index = origin;
        }

        return index;
    }

    /// <summary>The function an entry is in, as its origin; null at file scope.</summary>
    public int? FunctionOf(int index)
    {
        for (var parent = Entries[index].Parent; parent >= 0; parent = Entries[parent].Parent)
        {
            if (Entries[parent].Tag is TagSubprogram or TagInlinedSubroutine)
            {
                return OriginOf(parent);
            }
        }

        return null;
    }
}

namespace LivePatch.Elf;

/// <summary>
/// The relocations that apply to a range of a section. The file need not have them in order of offset (objtool
/// and <c>ld -r</c> append), so a sorted copy is made where it must; those at one offset keep their file order.
/// </summary>
public sealed class ElfRelocationLookup
{
    private readonly ElfRelocation[] _sorted;

    /// <summary>Sorts the relocations of a section, once.</summary>
    /// <param name="target">The section they apply to, not the SHT_RELA section.</param>
    public ElfRelocationLookup(ElfSection target)
    {
        var entries = target.Relocations;
        _sorted = IsSorted(entries)
            ? entries as ElfRelocation[] ?? [.. entries]
            : [.. entries.OrderBy(static entry => entry.Offset)];
    }

    /// <summary>All of them by rising offset.</summary>
    public IReadOnlyList<ElfRelocation> All => _sorted;

    /// <summary>Those with <paramref name="start"/> ≤ offset &lt; <paramref name="end"/>, in bytes from the start of the section, by rising
    /// offset.</summary>
    public ReadOnlySpan<ElfRelocation> InRange(ulong start, ulong end)
    {
        var first = CountBefore(start);
        var last = CountBefore(end);
        return last <= first ? [] : _sorted.AsSpan(first, last - first);
    }

    /// <summary>The first at exactly that offset; null when there is none.</summary>
    public ElfRelocation? At(ulong offset)
    {
        var index = CountBefore(offset);
        return index < _sorted.Length && _sorted[index].Offset == offset ? _sorted[index] : null;
    }

    private static bool IsSorted(IReadOnlyList<ElfRelocation> entries)
    {
        for (var index = 1; index < entries.Count; index++)
        {
            if (entries[index].Offset < entries[index - 1].Offset)
            {
                return false;
            }
        }

        return true;
    }

    private int CountBefore(ulong offset)
    {
        var low = 0;
        var high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_sorted[middle].Offset < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}

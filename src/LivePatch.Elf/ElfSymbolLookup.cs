namespace LivePatch.Elf;

/// <summary>
/// Which symbol an offset in a section belongs to. Symbols overlap: aliases name the same bytes, labels lie
/// inside functions, a function may have an empty start marker. The symbols of each section are therefore kept
/// sorted by start, together with the furthest end seen so far, so that a search can stop walking back as soon
/// as nothing before can reach the offset. STT_SECTION and STT_FILE symbols are left out: they name no bytes of
/// their own.
/// </summary>
public sealed class ElfSymbolLookup
{
    private readonly ElfSymbol[][] _bySection;
    private readonly ulong[][] _furthestEnds;

    /// <summary>Sorts the symbols of an object, once.</summary>
    public ElfSymbolLookup(ElfObject source)
    {
        var counts = new int[source.Sections.Count];
        foreach (var symbol in source.Symbols)
        {
            if (Names(symbol))
            {
                counts[symbol.Section!.Index]++;
            }
        }

        _bySection = [.. counts.Select(static count => count == 0 ? [] : new ElfSymbol[count])];
        Array.Clear(counts);
        foreach (var symbol in source.Symbols)
        {
            if (Names(symbol))
            {
                var index = symbol.Section!.Index;
                _bySection[index][counts[index]++] = symbol;
            }
        }

        _furthestEnds = new ulong[_bySection.Length][];
        for (var index = 0; index < _bySection.Length; index++)
        {
            Array.Sort(_bySection[index], Compare);
            _furthestEnds[index] = FurthestEnds(_bySection[index]);
        }
    }

    /// <summary>
    /// The symbols defined in a section by rising value; those that start together by falling rank:
    /// functions and variables before labels, then the longer, then the earlier in the table.
    /// </summary>
    public IReadOnlyList<ElfSymbol> In(ElfSection section) => _bySection[section.Index];

    /// <summary>
    /// The symbol an offset lies in: of those whose range covers it the one that starts last, by the order of
    /// <see cref="In"/> where several start together. An empty symbol covers just its own offset, and only
    /// counts where no symbol with a size covers it. Null when no symbol covers the offset.
    /// </summary>
    /// <param name="section">The section.</param>
    /// <param name="offset">Bytes from its start; may be out of range.</param>
    public ElfSymbol? FindContaining(ElfSection section, ulong offset)
    {
        var symbols = _bySection[section.Index];
        var ends = _furthestEnds[section.Index];
        ElfSymbol? found = null;
        ElfSymbol? empty = null;
        for (var index = CountStartingUpTo(symbols, offset) - 1; index >= 0; index--)
        {
            var symbol = symbols[index];
            if (found is not null && symbol.Value != found.Value)
            {
                break;
            }

            if (offset - symbol.Value < symbol.Size)
            {
                found = symbol;
            }
            else if (symbol.Size == 0 && symbol.Value == offset)
            {
                empty = symbol;
            }

            if (ends[index] <= offset && symbol.Value != offset)
            {
                break;
            }
        }

        return found ?? empty;
    }

    /// <summary>The symbols that start at an offset, by the order of <see cref="In"/>.</summary>
    public IReadOnlyList<ElfSymbol> FindStartingAt(ElfSection section, ulong offset)
    {
        var symbols = _bySection[section.Index];
        var first = offset == 0 ? 0 : CountStartingUpTo(symbols, offset - 1);
        return new ArraySegment<ElfSymbol>(symbols, first, CountStartingUpTo(symbols, offset) - first);
    }

    /// <summary>
    /// The symbol with a size that ends exactly at an offset, the one starting last if there are several; null
    /// when none does. Loops compile to comparisons against such one-past-the-end addresses.
    /// </summary>
    public ElfSymbol? FindEndingAt(ElfSection section, ulong offset)
    {
        var symbols = _bySection[section.Index];
        var ends = _furthestEnds[section.Index];
        ElfSymbol? found = null;
        for (var index = CountStartingUpTo(symbols, offset) - 1; index >= 0 && ends[index] >= offset; index--)
        {
            var symbol = symbols[index];
            if (found is not null && symbol.Value != found.Value)
            {
                break;
            }

            if (symbol.Size != 0 && symbol.End == offset)
            {
                found = symbol;
            }
        }

        return found;
    }

    private static bool Names(ElfSymbol symbol) =>
        symbol.Section is not null && symbol.Type is not (ElfSymbolType.Section or ElfSymbolType.File);

    private static int Compare(ElfSymbol left, ElfSymbol right)
    {
        var order = left.Value.CompareTo(right.Value);
        if (order == 0)
        {
            order = (left.Type == ElfSymbolType.None).CompareTo(right.Type == ElfSymbolType.None);
        }

        if (order == 0)
        {
            order = right.Size.CompareTo(left.Size);
        }

        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    private static ulong[] FurthestEnds(ElfSymbol[] symbols)
    {
        var ends = new ulong[symbols.Length];
        ulong furthest = 0;
        for (var index = 0; index < symbols.Length; index++)
        {
            furthest = Math.Max(furthest, symbols[index].End);
            ends[index] = furthest;
        }

        return ends;
    }

    private static int CountStartingUpTo(ElfSymbol[] symbols, ulong offset)
    {
        var low = 0;
        var high = symbols.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (symbols[middle].Value <= offset)
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

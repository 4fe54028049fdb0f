using System.Runtime.InteropServices;

namespace LivePatch.Kernel.Symbols;

/// <summary>
/// The symbols of one kernel object (vmlinux or a module) in the order in which the kernel counts them. Immutable.
/// </summary>
/// <remarks>
/// The livepatch core finds a symbol by name and position (sympos): it walks all symbols of the object and takes
/// the n-th of that name; position 0 demands that the name is unique (klp_find_object_symbol,
/// kernel/livepatch/core.c, Linux 6.1). For vmlinux the walk is in kallsyms order, that is by address, init symbols
/// included. For a module it is in symbol-table order over all defined symbols of any binding; while the module is
/// COMING the whole table is walked, once it is LIVE only what <see cref="SymbolLifetime.Resident"/> stands for.
/// A position is given out only when it finds the same symbol in both states.
/// </remarks>
public sealed partial class KernelSymbolTable
{
    private readonly KernelSymbol[] _symbols;
    private readonly Lazy<NameIndex> _names;
    private readonly Lazy<int[]> _byAddress;

    private KernelSymbolTable(string source, KernelSymbol[] symbols, bool isLinked, bool isOrderKnown)
    {
        Source = source;
        _symbols = symbols;
        IsLinked = isLinked;
        IsOrderKnown = isOrderKnown;
        _names = new Lazy<NameIndex>(() => new NameIndex(_symbols));
        _byAddress = new Lazy<int[]>(SortByAddress);
    }

    /// <summary>Where the symbols come from, for messages.</summary>
    public string Source { get; }

    /// <summary>True for vmlinux: addresses are link addresses. False for a module file: offsets in sections.</summary>
    public bool IsLinked { get; }

    /// <summary>False when the source does not keep the order the kernel counts in; then only unique names have a position.</summary>
    public bool IsOrderKnown { get; }

    /// <summary>All symbols in the kernel's order.</summary>
    public IReadOnlyList<KernelSymbol> Symbols => _symbols;

    /// <summary>Number of symbols.</summary>
    public int Total => _symbols.Length;

    /// <summary>Makes a table of symbols that are already in the kernel's order.</summary>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="symbols">The symbols; the table takes the array over.</param>
    /// <param name="isLinked">True for vmlinux, false for a module.</param>
    public static KernelSymbolTable FromOrdered(string source, KernelSymbol[] symbols, bool isLinked) =>
        new(source, symbols, isLinked, isOrderKnown: true);

    /// <summary>All symbols of that name, in the kernel's order.</summary>
    public IReadOnlyList<KernelSymbol> Find(string name)
    {
        var result = new List<KernelSymbol>();
        for (var index = _names.Value.First(name); index >= 0; index = _names.Value.Next(index))
        {
            result.Add(_symbols[index]);
        }

        return result;
    }

    /// <summary>How many symbols have that name.</summary>
    public int Count(string name)
    {
        var count = 0;
        for (var index = _names.Value.First(name); index >= 0; index = _names.Value.Next(index))
        {
            count++;
        }

        return count;
    }

    /// <summary>True when at least one symbol has that name.</summary>
    public bool Contains(string name) => _names.Value.First(name) >= 0;

    /// <summary>The sympos of the symbol of that name at that address.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="address">Its address, or its offset in <paramref name="section"/>.</param>
    /// <param name="section">Section of a module's symbol; null to accept any.</param>
    public SymbolPosition PositionOf(string name, ulong address, string? section = null)
    {
        int all = 0, resident = 0, position = 0, residentPosition = 0;
        var lifetime = SymbolLifetime.Resident;
        var isFreed = false;
        for (var index = _names.Value.First(name); index >= 0; index = _names.Value.Next(index))
        {
            ref readonly var symbol = ref _symbols[index];
            all++;
            resident += symbol.Lifetime == SymbolLifetime.Resident ? 1 : 0;
            if (position == 0 && symbol.Address == address && (section is null || symbol.Section == section))
            {
                (position, residentPosition, lifetime) = (all, resident, symbol.Lifetime);
                isFreed = IsFreedAfterBoot(symbol);
            }
        }

        if (position == 0)
        {
            return new SymbolPosition(SymbolPositionStatus.Missing, 0);
        }

        // The symbols of a linked kernel's boot code stay and count; the code does not stay.
        if (lifetime != SymbolLifetime.Resident || isFreed)
        {
            return new SymbolPosition(SymbolPositionStatus.NotResident, 0);
        }

        // Upstream and kpatch write 0 for a unique name; until 2026 kernels took 0 and 1 for different functions.
        if (all == 1)
        {
            return new SymbolPosition(SymbolPositionStatus.Known, 0);
        }

        if (!IsOrderKnown)
        {
            return new SymbolPosition(SymbolPositionStatus.OrderUnknown, 0);
        }

        return position == residentPosition
            ? new SymbolPosition(SymbolPositionStatus.Known, position)
            : new SymbolPosition(SymbolPositionStatus.Unstable, 0);
    }

    /// <summary>
    /// The symbol an address lies in: the last one that starts at or before it, the first of several at one address.
    /// Null when there is none, or when its size is known and the address lies behind its end.
    /// </summary>
    /// <param name="address">Link address, or offset in <paramref name="section"/>.</param>
    /// <param name="section">Section of a module file; null for a linked kernel.</param>
    public KernelSymbol? FindByAddress(ulong address, string? section = null)
    {
        var order = _byAddress.Value;
        var above = UpperBound(order, section, address);
        if (above == 0)
        {
            return null;
        }

        ref readonly var last = ref _symbols[order[above - 1]];
        if (!string.Equals(last.Section, section, StringComparison.Ordinal))
        {
            return null;
        }

        KernelSymbol? found = null;
        for (var at = above - 1; at >= 0; at--)
        {
            ref readonly var symbol = ref _symbols[order[at]];
            if (symbol.Address != last.Address || !string.Equals(symbol.Section, section, StringComparison.Ordinal))
            {
                break;
            }

            if (symbol.Size == 0 || address - symbol.Address < symbol.Size)
            {
                found = symbol;
            }
        }

        return found;
    }

    /// <summary>
    /// Bytes from an address to the next symbol with a greater one: what the kernel takes for a symbol's size
    /// (kallsyms_lookup_size_offset). Null when no symbol follows.
    /// </summary>
    /// <param name="address">Link address, or offset in <paramref name="section"/>.</param>
    /// <param name="section">Section of a module file; null for a linked kernel.</param>
    public ulong? ExtentOf(ulong address, string? section = null)
    {
        var order = _byAddress.Value;
        var above = UpperBound(order, section, address);
        return above < order.Length && string.Equals(_symbols[order[above]].Section, section, StringComparison.Ordinal)
            ? _symbols[order[above]].Address - address
            : null;
    }

    /// <summary>The first place in the address order that lies behind (section, address).</summary>
    private int UpperBound(int[] order, string? section, ulong address)
    {
        int low = 0, high = order.Length;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            ref readonly var symbol = ref _symbols[order[middle]];
            var compared = string.CompareOrdinal(symbol.Section, section);
            if (compared < 0 || (compared == 0 && symbol.Address <= address))
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

    private int[] SortByAddress()
    {
        var order = new int[_symbols.Length];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        // A linked kernel's table is in this order already, which the sort notices quickly enough to not care.
        Array.Sort(order, (left, right) =>
        {
            var compared = string.CompareOrdinal(_symbols[left].Section, _symbols[right].Section);
            compared = compared != 0 ? compared : _symbols[left].Address.CompareTo(_symbols[right].Address);
            return compared != 0 ? compared : left.CompareTo(right);
        });
        return order;
    }

    /// <summary>Symbols by name: the first index of each name, and for each symbol the next of the same name.</summary>
    private sealed class NameIndex
    {
        private readonly Dictionary<string, (int First, int Last)> _ends;
        private readonly int[] _next;

        public NameIndex(KernelSymbol[] symbols)
        {
            _ends = new Dictionary<string, (int First, int Last)>(symbols.Length, StringComparer.Ordinal);
            _next = new int[symbols.Length];
            for (var index = 0; index < symbols.Length; index++)
            {
                _next[index] = -1;
                ref var ends = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, symbols[index].Name, out var known);
                if (known)
                {
                    _next[ends.Last] = index;
                    ends.Last = index;
                }
                else
                {
                    ends = (index, index);
                }
            }
        }

        public int First(string name) => _ends.TryGetValue(name, out var ends) ? ends.First : -1;

        public int Next(int index) => _next[index];
    }
}

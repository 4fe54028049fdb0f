using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Proof;

/// <summary>A relocatable file as it lies in memory once its relocations are applied.</summary>
internal sealed class LoadedFile(ElfObject elf, IArchitecture architecture)
{
    private readonly Dictionary<ElfSection, ElfRelocationLookup> _relocations = [];
    private readonly Dictionary<(ElfSection Section, ulong Value), List<ElfSymbol>> _namesAt = Names(elf);

    public ElfObject Elf { get; } = elf;

    public IArchitecture Architecture { get; } = architecture;

    public ElfSymbolLookup Symbols { get; } = new(elf);

    public ElfRelocationLookup RelocationsOf(ElfSection section)
    {
        if (!_relocations.TryGetValue(section, out var lookup))
        {
            _relocations.Add(section, lookup = new ElfRelocationLookup(section));
        }

        return lookup;
    }

    /// <summary>The symbols that begin at a place, section symbols left out.</summary>
    public IReadOnlyList<ElfSymbol> NamesAt(ElfSection section, ulong offset) => _namesAt.GetValueOrDefault((section, offset)) ?? [];

    /// <summary>Bytes of a section; zeros where it has none in the file. Empty when the range is not in the section.</summary>
    public static ReadOnlySpan<byte> Bytes(ElfSection section, long start, long length)
    {
        if (start < 0 || length < 0 || (ulong)(start + length) > section.Size)
        {
            return [];
        }

        return section.Type == ElfConstants.ShtNobits ? new byte[length] : section.Data.Span.Slice((int)start, (int)length);
    }

    /// <summary>Where a relocation's field leads.</summary>
    /// <param name="relocation">The relocation.</param>
    /// <param name="beyond">For a distance counted from the end of an instruction: bytes from the field to that end.</param>
    public Address Resolve(in ElfRelocation relocation, long beyond)
    {
        var symbol = relocation.Symbol;
        var isDistance = Architecture.Relocations.Find(relocation.Type) is { IsPcRelative: true };
        var added = relocation.Addend + (isDistance ? beyond : 0);
        if (symbol.Section is { } section)
        {
            return new Address(section, symbol.Type == ElfSymbolType.Section ? null : symbol, (long)symbol.Value + added);
        }

        return symbol.IsAbsolute || symbol.Index == 0 ? Address.Number((long)symbol.Value + added) : new Address(null, symbol, added);
    }

    /// <summary>The piece of code at a place: a function by its symbol, or what lies at the place itself where nothing names
    /// it.</summary>
    public (ulong Start, ulong End, ElfSymbol? Symbol) CodeAt(ElfSection section, ulong offset)
    {
        var symbol = Symbols.FindContaining(section, offset);
        if (symbol is { Size: 0, Type: not ElfSymbolType.Function })
        {
            symbol = null;
        }

        if (symbol is null)
        {
            return (offset, section.Size, null);
        }

        return symbol.Size > 0 ? (symbol.Value, symbol.End, symbol) : (symbol.Value, NextSymbol(section, symbol.Value), symbol);
    }

    /// <summary>The start of the next function or variable behind a place, or the section's end.</summary>
    public ulong NextSymbol(ElfSection section, ulong offset)
    {
        var symbols = Symbols.In(section);
        int low = 0, high = symbols.Count;
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

        return low < symbols.Count ? symbols[low].Value : section.Size;
    }

    private static Dictionary<(ElfSection Section, ulong Value), List<ElfSymbol>> Names(ElfObject elf)
    {
        var result = new Dictionary<(ElfSection Section, ulong Value), List<ElfSymbol>>();
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Section is { } section && symbol.Type is not (ElfSymbolType.Section or ElfSymbolType.File) && symbol.Name.Length > 0)
            {
                if (!result.TryGetValue((section, symbol.Value), out var list))
                {
                    result.Add((section, symbol.Value), list = []);
                }

                list.Add(symbol);
            }
        }

        return result;
    }
}

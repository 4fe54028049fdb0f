using System.Buffers.Binary;
using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.TestSupport.Mutations;

/// <summary>
/// Changes one thing of a good object, so that it stays a good object that means something else: a byte, a relocation's addend, symbol or
/// type, a symbol's value, size, binding, type, visibility, section or name, a section's flags, entry size or alignment. The same on
/// every run of a seed.
/// </summary>
public sealed class ObjectMutator
{
    private readonly byte[] _good;
    private readonly ElfObject _elf;
    private readonly Random _random;
    private readonly List<ElfSection> _content;
    private readonly List<ElfSection> _allocated;
    private readonly List<ElfSection> _relocated;
    private readonly List<ElfSymbol> _symbols;

    /// <summary>Prepares changes of a good object.</summary>
    public ObjectMutator(byte[] good, int seed)
    {
        _good = good;
        _elf = ElfObject.Read(good, "good.o");
#pragma warning disable CA5394 // Repeatable on purpose.
        _random = new Random(seed);
#pragma warning restore CA5394
        _allocated = [.. _elf.Sections.Where(static section => section is { IsAllocated: true, IsRela: false, Size: > 0 })];
        _content = [.. _allocated.Where(static section => section.Data.Length > 0)];
        _relocated = [.. _allocated.Where(static section => section.Relocations.Count > 0)];
        _symbols = [.. _elf.Symbols.Where(static symbol => symbol.Index != 0
            && symbol.Type is not (ElfSymbolType.Section or ElfSymbolType.File)
            && (symbol.Section is null || symbol.Section.IsAllocated))];
    }

    /// <summary>A number of changes, each of the good object.</summary>
    public IEnumerable<Mutation> Make(int count)
    {
        for (var made = 0; made < count;)
        {
            if (One() is { } mutation)
            {
                made++;
                yield return mutation;
            }
        }
    }

    private Mutation? One() => Next(10) switch
    {
        0 or 1 or 2 or 3 => Byte(),
        4 or 5 => Relocation(),
        6 or 7 or 8 => Symbol(),
        _ => Header(),
    };

#pragma warning disable CA5394
    private int Next(int end) => _random.Next(end);
#pragma warning restore CA5394

    private T Any<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>Small sections have their turn as often as large ones.</summary>
    private Mutation? Byte()
    {
        var section = Any(_content);
        var at = (ulong)Next(section.Data.Length);

        // What is under a relocation is not read in an object with addends of its own.
        if (section.Relocations.Any(relocation => at >= relocation.Offset && at < relocation.Offset + 8))
        {
            return null;
        }

        var bad = (byte[])_good.Clone();
        bad[section.Offset + at] ^= (byte)(1 << Next(8));
        return new Mutation($"{section.Name}+0x{at:x}: 0x{_good[section.Offset + at]:x2} became 0x{bad[section.Offset + at]:x2}", bad,
            section.Index, at, null);
    }

    private Mutation? Relocation()
    {
        if (_relocated.Count == 0)
        {
            return null;
        }

        var section = Any(_relocated);
        var table = Any(section.RelocationSections);
        var index = Next(table.Entries.Count);
        var entry = table.Entries[index];
        if (entry.Type == 0)
        {
            return null;
        }

        var bad = (byte[])_good.Clone();
        var place = bad.AsSpan((int)table.Offset + (index * ElfConstants.RelaSize), ElfConstants.RelaSize);
        string what;
        switch (Next(3))
        {
            case 0:
                var addend = entry.Addend + Any((long[])[-8, -1, 1, 4, 16]);
                BinaryPrimitives.WriteInt64LittleEndian(place[16..], addend);
                what = $"addend {entry.Addend} became {addend}";
                break;
            case 1:
                var other = Any(_symbols);
                if (other == entry.Symbol
                    || (other.Section is not null && other.Section == entry.Symbol.Section && other.Value == entry.Symbol.Value
                    && other.Binding != ElfSymbolBinding.Weak))
                {
                    return null;
                }

                BinaryPrimitives.WriteUInt32LittleEndian(place[12..], (uint)other.Index);
                what = $"symbol {entry.Symbol.DisplayName} became {other.DisplayName} (number {other.Index})";
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(place[8..], 0);
                what = $"relocation to {entry.Symbol.DisplayName} became none";
                break;
        }

        return new Mutation($"{section.Name}+0x{entry.Offset:x}: {what}", bad, section.Index, entry.Offset, null);
    }

    private Mutation? Symbol()
    {
        var symbol = Any(_symbols);
        var bad = (byte[])_good.Clone();
        var place = bad.AsSpan((int)_elf.SymbolTable!.Offset + (symbol.Index * ElfConstants.SymSize), ElfConstants.SymSize);
        var what = Next(7) switch
        {
            0 when symbol.Section is { } section && symbol.Size > 0 => Value(place, symbol, section),
            1 when symbol.Section is not null && symbol.Size > 1 => Size(place, symbol),
            2 when symbol.Binding != ElfSymbolBinding.Local => Binding(place, symbol),
            3 when symbol.Section is not null => Type(place, symbol),
            4 => Visibility(place),
            5 when symbol.Section is not null => Elsewhere(place, symbol),
            6 => Name(place, symbol),
            _ => null,
        };
        return what is null ? null : new Mutation($"symbol {symbol.Name}: {what}", bad, null, null, symbol.Index);
    }

    private string? Value(Span<byte> place, ElfSymbol symbol, ElfSection section)
    {
        var value = (ulong)Next((int)(section.Size - symbol.Size + 1));
        BinaryPrimitives.WriteUInt64LittleEndian(place[8..], value);
        return value == symbol.Value ? null : $"value 0x{symbol.Value:x} became 0x{value:x}";
    }

    private string Size(Span<byte> place, ElfSymbol symbol)
    {
        var size = (ulong)Next((int)symbol.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(place[16..], size);
        return $"size {symbol.Size} became {size}";
    }

    private static string Binding(Span<byte> place, ElfSymbol symbol)
    {
        var binding = symbol.Binding == ElfSymbolBinding.Weak ? ElfSymbolBinding.Global : ElfSymbolBinding.Weak;
        place[4] = (byte)(((int)binding << 4) | (int)symbol.Type);
        return $"{symbol.Binding} became {binding}";
    }

    private static string Type(Span<byte> place, ElfSymbol symbol)
    {
        var type = symbol.Type == ElfSymbolType.Function ? ElfSymbolType.Object : ElfSymbolType.Function;
        place[4] = (byte)(((int)symbol.Binding << 4) | (int)type);
        return $"{symbol.Type} became {type}";
    }

    private static string Visibility(Span<byte> place)
    {
        place[5] ^= 2;
        return "visibility became hidden, or ceased to be";
    }

    private string? Elsewhere(Span<byte> place, ElfSymbol symbol)
    {
        var other = Any(_symbols);
        if (other.Section is not { } section || (other.Section == symbol.Section && other.Value == symbol.Value)
            || other.Value + symbol.Size > section.Size)
        {
            return null;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(place[6..], other.RawSectionIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(place[8..], other.Value);
        return $"it means what {other.Name} means";
    }

    private string? Name(Span<byte> place, ElfSymbol symbol)
    {
        var other = Any(_symbols);
        if (other.Name == symbol.Name)
        {
            return null;
        }

        var at = _elf.SymbolTable!.Offset + ((ulong)other.Index * ElfConstants.SymSize);
        _good.AsSpan((int)at, 4).CopyTo(place);
        return $"it is called {other.Name}";
    }

    private Mutation? Header()
    {
        var section = Any(_allocated);
        var bad = (byte[])_good.Clone();
        var place = bad.AsSpan((int)BinaryPrimitives.ReadUInt64LittleEndian(_good.AsSpan(40)) + (section.Index * ElfConstants.ShdrSize),
            ElfConstants.ShdrSize);
        string what;
        if (Next(4) > 0)
        {
            var flags = section.Flags ^ Any((ulong[])[ElfConstants.ShfWrite, ElfConstants.ShfExecinstr, ElfConstants.ShfAlloc,
                ElfConstants.ShfMerge, ElfConstants.ShfStrings]);
            BinaryPrimitives.WriteUInt64LittleEndian(place[8..], flags);
            what = $"flags 0x{section.Flags:x} became 0x{flags:x}";
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place[56..], section.EntrySize + 8);
            what = $"entry size {section.EntrySize} became {section.EntrySize + 8}";
        }

        return new Mutation($"section {section.Name}: {what}", bad, section.Index, null, null);
    }
}

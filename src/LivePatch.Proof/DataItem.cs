using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.Proof;

/// <summary>A variable, literal or nameless constant of an object: what an address into data belongs to.</summary>
/// <param name="Section">Its section.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">One behind its last byte.</param>
/// <param name="Symbol">Its symbol; null for literals and nameless constants.</param>
/// <param name="IsLiteral">True when there may be several copies, as linkers merge them.</param>
internal readonly record struct DataItem(ElfSection Section, ulong Start, ulong End, ElfSymbol? Symbol, bool IsLiteral)
{
    /// <summary>What an address may belong to: one item, or the one that ends there and the one that begins there.</summary>
    public static List<DataItem> At(LoadedFile file, in Address address)
    {
        var section = address.Section!;
        if (address.Symbol is { } named && !IsLabel(named))
        {
            return [Of(file, section, named)];
        }

        // Assemblers keep a label where something is added to it: the literal is the label's, wherever the address leads.
        var offset = address.Symbol is { } label && (section.Flags & ElfConstants.ShfMerge) != 0
            ? label.Value
            : (ulong)Math.Clamp(address.Offset, 0, (long)section.Size);
        if ((section.Flags & ElfConstants.ShfMerge) != 0 && section.EntrySize > 0
            && file.Symbols.FindContaining(section, offset) is null or { Size: 0 })
        {
            return [Literal(section, Math.Min(offset, section.Size == 0 ? 0 : section.Size - 1))];
        }

        var result = new List<DataItem>(2);
        if (file.Symbols.FindContaining(section, offset) is { } at && !IsLabel(at))
        {
            result.Add(Of(file, section, at));
        }

        if (file.Symbols.FindEndingAt(section, offset) is { } before && (result.Count == 0 || result[0].Start == offset))
        {
            result.Add(Of(file, section, before));
        }

        if (result.Count == 0)
        {
            // Nothing names it: all there is between the named.
            ulong start = 0;
            foreach (var symbol in file.Symbols.In(section))
            {
                if (symbol.End <= offset && symbol.Size > 0)
                {
                    start = Math.Max(start, symbol.End);
                }
            }

            var end = file.Symbols.In(section).Where(symbol => symbol.Value > offset && symbol.Size > 0)
                .Select(static symbol => symbol.Value).DefaultIfEmpty(section.Size).Min();
            result.Add(new DataItem(section, start, end, null, false));
        }

        return result;
    }

    private static DataItem Of(LoadedFile file, ElfSection section, ElfSymbol symbol) =>
        new(section, symbol.Value, symbol.Size > 0 ? symbol.End : file.NextSymbol(section, symbol.Value), symbol, false);

    private static bool IsLabel(ElfSymbol symbol) => symbol is { Size: 0, Type: ElfSymbolType.None, Binding: ElfSymbolBinding.Local };

    private static DataItem Literal(ElfSection section, ulong offset)
    {
        var unit = section.EntrySize;
        if (!section.IsStrings)
        {
            var first = offset - (offset % unit);
            return new DataItem(section, first, Math.Min(first + unit, section.Size), null, true);
        }

        // From behind the terminator before it to its own, whatever the width of a character.
        var data = section.Data.Span;
        var start = offset - (offset % unit);
        while (start >= unit && data.Slice((int)(start - unit), (int)unit).ContainsAnyExcept((byte)0))
        {
            start -= unit;
        }

        var end = offset - (offset % unit);
        while (end + unit <= section.Size && data.Slice((int)end, (int)unit).ContainsAnyExcept((byte)0))
        {
            end += unit;
        }

        return new DataItem(section, start, Math.Min(end + unit, section.Size), null, true);
    }
}

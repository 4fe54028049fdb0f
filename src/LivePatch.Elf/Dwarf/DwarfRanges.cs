
namespace LivePatch.Elf.Dwarf;

/// <summary>The pieces of code an entry stands for: DW_AT_low_pc and its length, or a list in .debug_rnglists (DWARF 5) or
/// .debug_ranges.</summary>
internal sealed class DwarfRanges
{
    private readonly DwarfTree _tree;
    private readonly DwarfSection _lists;
    private readonly DwarfSection _oldLists;
    private readonly DwarfSection _addresses;

    public DwarfRanges(ElfObject file, DwarfTree tree)
    {
        _tree = tree;
        _lists = DwarfSection.Find(file, ".debug_rnglists");
        _oldLists = DwarfSection.Find(file, ".debug_ranges");
        _addresses = DwarfSection.Find(file, ".debug_addr");
    }

    /// <summary>The pieces of an entry of a unit, in the order of the list.</summary>
    public IReadOnlyList<(ElfSection Section, ulong Start, ulong End)> Of(int index, in DwarfUnit unit)
    {
        var entry = _tree.Entries[index];
        if (entry.Ranges < 0)
        {
            return entry is { Section: { } section } ? [(section, entry.Address, entry.Address + entry.Length)] : [];
        }

        var first = _tree.Entries[unit.First];
        var start = (first.Section, first.Address);
        return unit.Version >= 5 ? ListOf(entry.Ranges, unit, start) : OldListOf(checked((int)entry.Ranges), start);
    }

    private List<(ElfSection Section, ulong Start, ulong End)> ListOf(
        long ranges, in DwarfUnit unit, (ElfSection? Section, ulong Offset) start)
    {
        var data = _lists.Data.Span;
        int at;
        if ((ranges & DwarfReader.RangeListIndex) == 0)
        {
            at = checked((int)ranges);
        }
        else
        {
            // Offsets of lists stand at the base and count from there.
            var index = ranges & ~DwarfReader.RangeListIndex;
            at = checked((int)(unit.RangeListsBase + _lists.Order.ReadUInt32(data[checked((int)(unit.RangeListsBase + (index * 4)))..])));
        }

        var result = new List<(ElfSection, ulong, ulong)>();
        while (true)
        {
            switch (data[at++])
            {
                case 0x00: // end_of_list
                    return result;
                case 0x01: // base_addressx
                    start = Indexed(DwarfNumber.Unsigned(data, ref at), unit);
                    break;
                case 0x02: // startx_endx
                    Add(
                        result,
                        Indexed(DwarfNumber.Unsigned(data, ref at), unit),
                        Indexed(DwarfNumber.Unsigned(data, ref at), unit).Offset);
                    break;
                case 0x03: // startx_length
                    var from = Indexed(DwarfNumber.Unsigned(data, ref at), unit);
                    Add(result, from, from.Offset + DwarfNumber.Unsigned(data, ref at));
                    break;
                case 0x04: // offset_pair
                    var (low, high) = (DwarfNumber.Unsigned(data, ref at), DwarfNumber.Unsigned(data, ref at));
                    Add(result, (start.Section, start.Offset + low), start.Offset + high);
                    break;
                case 0x05: // base_address
                    start = _lists.Address(at);
                    at += 8;
                    break;
                case 0x06: // start_end
                    Add(result, _lists.Address(at), _lists.Address(at + 8).Offset);
                    at += 16;
                    break;
                case 0x07: // start_length
                    var place = _lists.Address(at);
                    at += 8;
                    Add(result, place, place.Offset + DwarfNumber.Unsigned(data, ref at));
                    break;
                default:
                    throw new InvalidDataException("an unknown entry in a list of ranges");
            }
        }
    }

    private List<(ElfSection Section, ulong Start, ulong End)> OldListOf(int at, (ElfSection? Section, ulong Offset) start)
    {
        var result = new List<(ElfSection, ulong, ulong)>();
        for (; ; at += 16)
        {
            var (low, high) = (_oldLists.Address(at), _oldLists.Address(at + 8));
            if (low == (null, 0) && high == (null, 0))
            {
                return result;
            }

            if (low == (null, ulong.MaxValue))
            {
                start = high;
            }
            else if (low.Section is null)
            {
                Add(result, (start.Section, start.Offset + low.Offset), start.Offset + high.Offset);
            }
            else
            {
                Add(result, low, high.Offset);
            }
        }
    }

    private (ElfSection? Section, ulong Offset) Indexed(ulong index, in DwarfUnit unit) =>
        _addresses.Address(checked((int)(unit.AddressBase + ((long)index * 8))));

    private static void Add(List<(ElfSection, ulong, ulong)> list, (ElfSection? Section, ulong Offset) start, ulong end)
    {
        if (start.Section is { } section)
        {
            list.Add((section, start.Offset, end));
        }
    }
}

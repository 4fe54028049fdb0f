using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>
/// Which source lines code comes from: the rows of the line table (.debug_line, DWARF 2 to 5), and for code that was inlined the lines of
/// the calls. Which file a line is of is not kept.
/// </summary>
public sealed class DwarfLines
{
    private readonly Dictionary<ElfSection, List<(ulong Offset, int Line)>> _rows = [];
    private readonly Dictionary<ElfSection, List<(ulong Start, ulong End, int Line)>> _calls = [];

    private DwarfLines()
    {
    }

    internal static DwarfLines Read(ElfObject file, DwarfTree tree)
    {
        var lines = new DwarfLines();
        var table = DwarfSection.Find(file, ".debug_line");
        for (var at = 0; at < table.Data.Length;)
        {
            at = lines.ReadUnit(table, at);
        }

        foreach (var rows in lines._rows.Values)
        {
            // Stable: rows of one place stay in their order.
            var ordered = rows.OrderBy(static row => row.Offset).ToList();
            rows.Clear();
            rows.AddRange(ordered);
        }

        lines.ReadCalls(file, tree);
        return lines;
    }

    /// <summary>The lines an instruction comes from: those of its own row or rows, and of the calls it was inlined through.</summary>
    public IEnumerable<int> At(ElfSection section, ulong offset)
    {
        if (_rows.TryGetValue(section, out var rows))
        {
            var last = LastAt(rows, offset);
            for (var index = last; index >= 0 && rows[index].Offset == rows[last].Offset; index--)
            {
                if (rows[index].Line > 0)
                {
                    yield return rows[index].Line;
                }
            }
        }

        if (_calls.TryGetValue(section, out var calls))
        {
            foreach (var (start, end, line) in calls)
            {
                if (start <= offset && offset < end)
                {
                    yield return line;
                }
            }
        }
    }

    /// <summary>True when an instruction came in with an inlined function.</summary>
    public bool IsInlined(ElfSection section, ulong offset) =>
        _calls.TryGetValue(section, out var calls) && calls.Exists(call => call.Start <= offset && offset < call.End);

    /// <summary>The lowest line after another one that code of a section comes from; null when there is none.</summary>
    public int? NextLine(ElfSection section, int line)
    {
        int? next = null;
        foreach (var row in _rows.GetValueOrDefault(section) ?? [])
        {
            next = row.Line > line && row.Line < (next ?? int.MaxValue) ? row.Line : next;
        }

        return next;
    }

    private static int LastAt(List<(ulong Offset, int Line)> rows, ulong offset)
    {
        int low = 0, high = rows.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Offset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private int ReadUnit(DwarfSection table, int at)
    {
        var data = table.Data.Span;
        var length = table.Order.ReadUInt32(data[at..]);
        if (length >= 0xfffffff0 || length > (uint)(data.Length - at - 4))
        {
            throw new InvalidDataException("a line table that does not fit, or 64-bit DWARF");
        }

        var end = at + 4 + (int)length;
        at += 4;
        var version = table.Order.ReadUInt16(data[at..]);
        if (version is < 2 or > 5)
        {
            throw new InvalidDataException($"a line table of version {version}");
        }

        at += version >= 5 ? 4 : 2;
        var program = at + 4 + checked((int)table.Order.ReadUInt32(data[at..]));
        at += 4;
        var step = data[at];
        at += version >= 4 ? 2 : 1;
        at++; // default_is_stmt
        var lineBase = (sbyte)data[at];
        var lineRange = Math.Max((byte)1, data[at + 1]);
        var opcodeBase = data[at + 2];
        var lengths = data.Slice(at + 3, Math.Max(0, opcodeBase - 1)).ToArray();
        Run(table, program, end, step, lineBase, lineRange, opcodeBase, lengths);
        return end;
    }

    /// <summary>Runs a line number program (DWARF 5, section 6.2.5), as far as addresses and lines go.</summary>
    private void Run(DwarfSection table, int at, int end, byte step, sbyte lineBase, byte lineRange, byte opcodeBase, byte[] lengths)
    {
        var data = table.Data.Span[..end];
        (ElfSection? Section, ulong Offset) place = default;
        var line = 1;
        while (at < end)
        {
            var opcode = data[at++];
            if (opcode >= opcodeBase)
            {
                var adjusted = opcode - opcodeBase;
                place.Offset += (ulong)(adjusted / lineRange * step);
                line += lineBase + (adjusted % lineRange);
                AddRow(place, line);
                continue;
            }

            switch (opcode)
            {
                case 0:
                    var length = checked((int)DwarfNumber.Unsigned(data, ref at));
                    var next = checked(at + length);
                    var extended = length > 0 ? data[at] : (byte)0;
                    if (extended == 0x01)
                    {
                        // The end of a sequence: what follows is no code of it.
                        AddRow(place, 0);
                        (place, line) = (default, 1);
                    }
                    else if (extended == 0x02)
                    {
                        place = table.Address(at + 1);
                    }

                    at = next;
                    break;
                case 1: // copy
                    AddRow(place, line);
                    break;
                case 2: // advance_pc
                    place.Offset += DwarfNumber.Unsigned(data, ref at) * step;
                    break;
                case 3: // advance_line
                    line = unchecked(line + (int)DwarfNumber.Signed(data, ref at));
                    break;
                case 8: // const_add_pc
                    place.Offset += (ulong)((255 - opcodeBase) / lineRange * step);
                    break;
                case 9: // fixed_advance_pc
                    place.Offset += table.Order.ReadUInt16(data[at..]);
                    at += 2;
                    break;
                default:
                    for (var count = lengths[opcode - 1]; count > 0; count--)
                    {
                        DwarfNumber.Unsigned(data, ref at);
                    }

                    break;
            }
        }
    }

    private void AddRow((ElfSection? Section, ulong Offset) place, int line)
    {
        if (place.Section is not { } section)
        {
            return;
        }

        if (!_rows.TryGetValue(section, out var rows))
        {
            _rows.Add(section, rows = []);
        }

        rows.Add((place.Offset, line));
    }

    private void ReadCalls(ElfObject file, DwarfTree tree)
    {
        var ranges = new DwarfRanges(file, tree);
        foreach (var unit in tree.Units)
        {
            for (var index = unit.First; index < unit.End; index++)
            {
                if (tree.Entries[index] is not { Tag: TagInlinedSubroutine, CallLine: var line and > 0 })
                {
                    continue;
                }

                foreach (var (section, start, end) in ranges.Of(index, unit))
                {
                    if (!_calls.TryGetValue(section, out var calls))
                    {
                        _calls.Add(section, calls = []);
                    }

                    calls.Add((start, end, line));
                }
            }
        }
    }
}

using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.Diff.Accounting;

/// <summary>
/// Compares two atoms a second time, by a rule so plain that it can hardly be wrong: every byte outside relocated fields, every
/// relocation, every name must be the same, nothing is forgiven, and nothing is taken over from the first comparison.
///
/// What is paired is the same when it is that pair. What has no pair (literals, nameless data, replacement code, variables that
/// macros make) is the same when its whole content is, down to the last thing it leads to. Two structures that lead to each
/// other are the same when no difference is found anywhere in them: a pair under comparison counts as equal until then, and what was found
/// under that assumption is only kept when the whole comparison has ended without a difference.
///
/// The price is that it sees differences which do not matter (line numbers). The caller asks then whether a named rule forgave them.
/// </summary>
internal sealed class SecondLook(ObjectPair pair, CorrelationMap map)
{
    private readonly HashSet<(Atom, Atom)> _proven = [];
    private readonly HashSet<(Atom, Atom)> _assumed = [];

    /// <summary>The first difference of a pair, as a phrase; null when there is none.</summary>
    public string? Difference(Atom before, Atom after)
    {
        _assumed.Clear();
        var difference = Own(before, after);
        if (difference is null)
        {
            _proven.UnionWith(_assumed);
        }

        return difference;
    }

    /// <summary>True when nothing but the names of a pair differs.</summary>
    public bool IsSameButNames(Atom before, Atom after)
    {
        _assumed.Clear();
        return (Header(before, after) ?? Place(before, after) ?? Content(before, after) ?? Entries(before, after)) is null;
    }

    private string? Own(Atom before, Atom after) =>
        Header(before, after) ?? Place(before, after) ?? Names(before, after) ?? Content(before, after) ?? Entries(before, after);

    /// <summary>
    /// What other code and the kernel's linker know a pair by: the section's name, and every global name that both objects have. A name
    /// that now means something else leads those astray who are not replaced. No rule about content forgives a difference of these. A
    /// name that comes or goes has nobody who relies on it; it may also become static, or cease to be.
    /// </summary>
    /// <returns>The difference, as a phrase; null when there is none.</returns>
    public string? Identity(Atom before, Atom after)
    {
        if (Place(before, after) is { } place)
        {
            return place;
        }

        foreach (var symbol in after.Symbols.Where(static symbol => symbol.Binding != ElfSymbolBinding.Local))
        {
            var old = pair.Original.Elf.FindSymbols(symbol.Name)
                .FirstOrDefault(static other => other is { Section: not null, Binding: not ElfSymbolBinding.Local });
            if (old is null)
            {
                continue;
            }

            if (!before.Symbols.Contains(old))
            {
                return $"the name {symbol.Name} meant {pair.Original.AtomOf(old)?.Name ?? "something else"} and means {after.Name}";
            }

            if (Facts(old, before) != Facts(symbol, after))
            {
                return $"the name {symbol.Name} stood for {Facts(old, before)} and stands for {Facts(symbol, after)}";
            }
        }

        return null;
    }

    /// <summary>Sections whose name alone tells the linker, or the kernel, what to do with what lies in them.</summary>
    private static string? Place(Atom before, Atom after) =>
        before.Kind is AtomKind.Function or AtomKind.Object
            && Base(before) != Base(after) && PlacementRule.Compare(before, after) is not { IsHarmless: true }
                ? $"it lay in {before.Section.Name} and lies in {after.Section.Name}"
                : null;

    /// <summary>The section's name without the parts that stand for one function or variable, or for how often it runs.</summary>
    private static string Base(Atom atom)
    {
        var name = SymbolName.Family(atom.Section.Name);
        foreach (var symbol in atom.Symbols)
        {
            if (name.EndsWith("." + SymbolName.Family(symbol.Name), StringComparison.Ordinal))
            {
                name = name[..^(SymbolName.Family(symbol.Name).Length + 1)];
                break;
            }
        }

        return name switch
        {
            ".text.unlikely" or ".text.hot" or ".text.startup" or ".text.unknown" => ".text",
            // Zero or not is the content's business.
            ".bss" => ".data",
            _ => name,
        };
    }

    private static string? Header(Atom before, Atom after)
    {
        if (before.Class != after.Class)
        {
            return $"it lay in {before.Section.Name} and lies in {after.Section.Name}";
        }

        if (before.Kind != after.Kind)
        {
            return "it is of another kind";
        }

        var (old, now) = (before.Section, after.Section);
        const ulong Compared = ~(ElfConstants.ShfGroup | ElfConstants.ShfLinkOrder);
        if ((old.Flags & Compared) != (now.Flags & Compared))
        {
            return $"its section's flags were 0x{old.Flags:x} and are 0x{now.Flags:x}";
        }

        return old.EntrySize == now.EntrySize ? null : $"its section's entry size was {old.EntrySize} and is {now.EntrySize}";
    }

    /// <summary>All names, with binding, type, visibility, size and place.</summary>
    private static string? Names(Atom before, Atom after)
    {
        var old = Describe(before);
        var now = Describe(after);
        return old.SequenceEqual(now) ? null : $"its names were {string.Join(", ", old)} and are {string.Join(", ", now)}";

        static List<string> Describe(Atom atom) =>
            [.. atom.Symbols.Select(symbol => $"{Name(symbol)} ({Facts(symbol, atom)})").Order(StringComparer.Ordinal)];

        static string Name(ElfSymbol symbol) => SymbolName.IsUnstable(symbol.Name) ? ".L" : SymbolName.Family(symbol.Name);
    }

    /// <summary>The size in the form that is compared; see <see cref="WideForm"/>.</summary>
    private static long Size(ElfSymbol symbol, Atom atom) =>
        atom.Wide is { } wide && symbol.Value >= atom.Start
            ? wide.Map((long)(symbol.End - atom.Start)) - wide.Map((long)(symbol.Value - atom.Start))
            : (long)symbol.Size;

    private static string Facts(ElfSymbol symbol, Atom atom) =>
        $"{symbol.Binding} {symbol.Type}, {Size(symbol, atom)} bytes at +0x{symbol.Value - atom.Start:x}, {symbol.Other}";

    private string? Content(Atom before, Atom after)
    {
        if (before.Size != after.Size)
        {
            return $"it had {before.Size} bytes and has {after.Size}";
        }

        if (before.References.Count != after.References.Count)
        {
            return $"it had {before.References.Count} references and has {after.References.Count}";
        }

        var left = Bytes(before);
        var right = Bytes(after);
        var at = 0;
        for (var index = 0; index < before.References.Count; index++)
        {
            var (old, now) = (before.References[index], after.References[index]);
            if (old.Offset != now.Offset)
            {
                return $"a reference was at +0x{old.Offset:x} and is at +0x{now.Offset:x}";
            }

            if (Meaning(old, now) is { } difference)
            {
                return $"at +0x{now.Offset:x} {difference}";
            }

            var field = (int)Math.Min(now.Offset, (ulong)left.Length);
            if (field > at && !left[at..field].SequenceEqual(right[at..field]))
            {
                return DifferentByte(left, right, at);
            }

            if (pair.Patched.Architecture.Relocations.Find(now.Relocation.Type) is not { } written)
            {
                continue;
            }

            // Where the field shares its bytes with the opcode, those bits are compared too.
            if (!written.IsSameBeside(left[field..], right[field..]))
            {
                return DifferentByte(left, right, field);
            }

            at = Math.Max(at, Math.Min(left.Length, field + written.Width));
        }

        return left[at..].SequenceEqual(right[at..]) ? null : DifferentByte(left, right, at);
    }

    private static string DifferentByte(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int from)
    {
        var at = from + left[from..].CommonPrefixLength(right[from..]);
        return $"the byte at +0x{at:x} was 0x{left[at]:x2} and is 0x{right[at]:x2}";
    }

    private static ReadOnlySpan<byte> Bytes(Atom atom) => atom.Section.Data.IsEmpty ? new byte[atom.Size] : atom.Bytes;

    private string? Meaning(in Reference before, in Reference after)
    {
        if (before.Relocation.Type != after.Relocation.Type
            && !pair.Patched.Architecture.Relocations.AreEquivalent(before.Relocation.Type, after.Relocation.Type))
        {
            return "the type of a relocation differs";
        }

        if (before.Target is not { } old || after.Target is not { } now)
        {
            return before.Target is null && after.Target is null && Outside(before.Relocation) == Outside(after.Relocation)
                ? null
                : $"{Outside(before.Relocation)} became {Outside(after.Relocation)}";
        }

        if (old.Kind == AtomKind.Literals && now.Kind == AtomKind.Literals)
        {
            // Whether the linker may merge them is no difference of the literals.
            const ulong Meant = ~(ElfConstants.ShfMerge | ElfConstants.ShfGroup);
            return (old.Section.Flags & Meant) == (now.Section.Flags & Meant)
                && Literal(old, before.TargetOffset).SequenceEqual(Literal(now, after.TargetOffset)) ? null : "a literal differs";
        }

        if (before.TargetOffset != after.TargetOffset)
        {
            return $"{old.Name}{before.TargetOffset:+0;-0;+0} became {now.Name}{after.TargetOffset:+0;-0;+0}";
        }

        // A weak name may lead to another object's definition, whatever lies at its place here.
        var (name, other) = (before.Relocation.Symbol, after.Relocation.Symbol);
        if ((name.Binding == ElfSymbolBinding.Weak || other.Binding == ElfSymbolBinding.Weak) && name.Name != other.Name)
        {
            return $"the name {name.DisplayName} became {other.DisplayName}";
        }

        if (map.PatchedOf(old) is { } twin)
        {
            return twin != now ? $"{old.Name} became {now.Name}" : now.Kind == AtomKind.Anonymous ? Deep(old, now) : null;
        }

        return map.OriginalOf(now) is not null ? $"{old.Name} became {now.Name}" : Deep(old, now);
    }

    /// <summary>A symbol the object does not define, or one in a section that is not compared, as the linker tells it from
    /// others.</summary>
    private static string Outside(in ElfRelocation relocation)
    {
        var symbol = relocation.Symbol;
        var kind = symbol.IsUndefined ? "undefined" : symbol.Section is { } section ? $"{section.Name}+0x{symbol.Value:x}"
            : $"0x{symbol.Value:x}";
        return $"{symbol.DisplayName} ({symbol.Binding} {kind}, {symbol.Other}){relocation.Addend:+0;-0;+0}";
    }

    private string? Deep(Atom before, Atom after)
    {
        if (_proven.Contains((before, after)) || !_assumed.Add((before, after)))
        {
            return null;
        }

        return (Header(before, after) ?? Content(before, after)) is { } difference ? $"{after.Name} differs: {difference}" : null;
    }

    /// <summary>What a reference into merged literals means: the entry it points into, whole, in front of it the place in that
    /// entry.</summary>
    private static byte[] Literal(Atom literals, long offset)
    {
        var bytes = literals.Section.Data.Span;
        if (offset < 0 || offset >= bytes.Length)
        {
            // Beside the literals: what is meant cannot be told from their content.
            return [.. BitConverter.GetBytes(offset), .. bytes];
        }

        var unit = (int)Math.Clamp(literals.Section.EntrySize, 1, (ulong)bytes.Length);
        var (start, end) = ((int)offset / unit * unit, 0);
        if (literals.Section.IsStrings)
        {
            while (start >= unit && bytes.Slice(start - unit, unit).ContainsAnyExcept((byte)0))
            {
                start -= unit;
            }

            end = (int)offset / unit * unit;
            while (end + unit <= bytes.Length && bytes.Slice(end, unit).ContainsAnyExcept((byte)0))
            {
                end += unit;
            }
        }
        else
        {
            end = start;
        }

        return [.. BitConverter.GetBytes(offset - start), .. bytes[start..Math.Min(end + unit, bytes.Length)]];
    }

    private string? Entries(Atom before, Atom after)
    {
        var old = Compared(before, pair.Original);
        var now = Compared(after, pair.Patched);
        for (var index = 0; index < Math.Max(old.Count, now.Count); index++)
        {
            if (index >= old.Count || index >= now.Count || old[index].Section.Name != now[index].Section.Name)
            {
                return "it has other entries in special sections";
            }

            if ((Header(old[index], now[index]) ?? Content(old[index], now[index])) is { } difference)
            {
                return $"its entry in {now[index].Section.Name} differs: {difference}";
            }
        }

        return null;
    }

    /// <summary>Entries that say more than the code does.</summary>
    private static List<Atom> Compared(Atom atom, KernelObject side) =>
        [.. atom.Attachments.Where(entry => side.Catalog.Find(entry.Section.Name) is { Derived: false })];
}

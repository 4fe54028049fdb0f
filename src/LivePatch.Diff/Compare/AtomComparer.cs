using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Compares two atoms: bytes, what they refer to, and the table entries that belong to them.
///
/// What is paired is compared by identity: two references are equal when their targets are a pair, whatever the names.
/// What is never paired (literals, nameless data, macro-made variables, replacement code) is compared by content, recursively.
/// Raw bytes alone would not do (a changed string or callee shows only in the relocation), nor would names (two
/// different statics may have one name).
/// </summary>
internal sealed class AtomComparer(ObjectPair pair, CorrelationMap map, ILineNumberRule lines)
{
    private readonly Dictionary<(Atom, Atom), (string? Difference, IReadOnlyList<(bool IsLine, string Text)> Forgiven)> _content = [];

    // Found the same only while a comparison that is not finished was taken to end so; with the depth of the outermost such comparison.
    private readonly List<((Atom, Atom) Pair, IReadOnlyList<(bool IsLine, string Text)> Forgiven, int Depth)> _provisional = [];
    private readonly List<(Atom, Atom)> _open = [];
    private int _outermost;
    private readonly List<(bool IsLine, string Text)> _passedOver = [];

    /// <summary>The first difference between two atoms; null when they are the same.</summary>
    public Difference? Compare(Atom original, Atom patched)
    {
        _passedOver.Clear();
        var difference = FirstDifference(original, patched);
        if (difference is null)
        {
            Forgiven.AddRange(_passedOver.Distinct().Select(passed => new ForgivenDifference(patched, passed.Text, passed.IsLine)));
        }

        return difference;
    }

    private Difference? FirstDifference(Atom original, Atom patched)
    {
        if (original.Class != patched.Class && !(IsPlainCode(original) && IsPlainCode(patched)))
        {
            return new Difference($"it moved from {original.Section.Name} to {patched.Section.Name}");
        }

        if (original.Class == SectionClass.Export && SymbolName.Family(original.Section.Name) != SymbolName.Family(patched.Section.Name))
        {
            return new Difference($"it moved from {original.Section.Name} to {patched.Section.Name}");
        }

        if ((original.Size != patched.Size || !original.Bytes.SequenceEqual(patched.Bytes)) && lines.Match(original, patched) is { } match)
        {
            var other = CompareReferences(original, patched, match) ?? CompareAttachments(original, patched);
            if (other is null)
            {
                _passedOver.Add((true, match.Distance is { } distance
                    ? $"only source line numbers differ, by {distance:+0;-0}"
                    : "only source line numbers differ"));
                return null;
            }
        }

        var size = SignificantSize(original) != SignificantSize(patched)
            ? new Difference($"its size changed from {SignificantSize(original)} to {SignificantSize(patched)} bytes")
            : null;
        var first = CompareReferences(original, patched);
        var bytes = CompareBytes(original, patched);
        if (size is not null)
        {
            var earliest = first is null || (bytes?.Offset ?? ulong.MaxValue) < (first.Offset ?? 0) ? bytes : first;
            return size with { Offset = earliest?.Offset };
        }

        return first ?? bytes ?? CompareAttachments(original, patched);
    }

    /// <summary>Differences that were forgiven so far in atoms found the same.</summary>
    public List<ForgivenDifference> Forgiven { get; } = [];

    private static bool IsPlainCode(Atom atom) => atom.Class == SectionClass.Code;

    /// <summary>Bytes from the atom's start to the end of its last symbol, and what follows unless it only fills up to the next
    /// atom: code in a subsection lies behind its function's end. The whole where a symbol does not tell its size, as labels do.</summary>
    private ulong SignificantSize(Atom atom)
    {
        if (atom.NamedSize is not { } size)
        {
            return Mapped(atom, (long)atom.Size);
        }

        if (!atom.Bytes.IsEmpty)
        {
            var rest = atom.Bytes[(int)size..];
            var isCode = (atom.Section.Flags & ElfConstants.ShfExecinstr) != 0;
            var padding = !rest.ContainsAnyExcept((byte)0) ? rest.Length
                : isCode ? pair.Patched.Architecture.Instructions.PaddingBytes(rest)
                : rest.Length - 1 - rest.LastIndexOfAnyExcept((byte)0);
            size = padding == rest.Length ? size : atom.Size - (ulong)padding;
        }

        return Mapped(atom, (long)size);
    }

    private static ulong Mapped(Atom atom, long offset) => (ulong)Placed(atom, offset);

    /// <summary>Where a place of an atom is in the form it is compared in.</summary>
    private static long Placed(Atom atom, long offset) => atom.Wide?.Map(offset) ?? offset;

    private static IReadOnlyList<Reference> References(Atom atom) => atom.Wide?.References ?? atom.References;

    private Difference? CompareBytes(Atom original, Atom patched)
    {
        var before = Content(original, patched);
        var after = Content(patched, original);
        var length = Math.Min(before.Length, after.Length);
        length = (int)Math.Min((ulong)length, Math.Min(SignificantSize(original), SignificantSize(patched)));
        if (before[..length].SequenceEqual(after[..length]))
        {
            return null;
        }

        var at = FirstDifference(before[..length], after[..length], References(patched));
        if (at < 0)
        {
            return null;
        }

        return new Difference(
            patched.Kind == AtomKind.Function
                ? "its code differs"
                : $"its content differs: {Hex(before, at)} before, {Hex(after, at)} after",
            (ulong)at);
    }

    /// <summary>The bytes; zeroed data has none in the file, and is spelled out beside data that has.</summary>
    private static ReadOnlySpan<byte> Content(Atom atom, Atom other) =>
        atom.Wide is { } wide ? wide.Bytes : atom.Bytes.IsEmpty && !other.Bytes.IsEmpty ? new byte[atom.Size] : atom.Bytes;

    /// <summary>The first byte with a bit that differs outside relocated fields, which hold nothing in a RELA object.</summary>
    private int FirstDifference(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, IReadOnlyList<Reference> references)
    {
        var next = 0;
        for (var index = 0; index < before.Length; index++)
        {
            while (next < references.Count && (int)references[next].Offset + Width(references[next]) <= index)
            {
                next++;
            }

            if (before[index] == after[index])
            {
                continue;
            }

            var differing = before[index] ^ after[index];
            for (var covering = next; covering < references.Count && (int)references[covering].Offset <= index; covering++)
            {
                differing &= ~(Field(references[covering])?.BitsAt(index - (int)references[covering].Offset) ?? 0);
            }

            if (differing != 0)
            {
                return index;
            }
        }

        return -1;
    }

    private int Width(in Reference reference) => Field(reference)?.Width ?? 0;

    /// <summary>What is written at a reference; null where nothing is.</summary>
    private RelocationInfo? Field(in Reference reference) =>
        reference.IsFallThrough ? null : pair.Patched.Architecture.Relocations.Find(reference.Relocation.Type);

    private static string Hex(ReadOnlySpan<byte> bytes, int at)
    {
        // Eight bytes, at an eight-byte boundary: the author sees the whole field.
        var start = at & ~7;
        return Convert.ToHexString(bytes[start..Math.Min(bytes.Length, start + 8)]);
    }

    private Difference? CompareReferences(Atom original, Atom patched, CodeMatch? match = null)
    {
        var before = match is null ? References(original) : original.References;
        var after = match is null ? References(patched) : patched.References;
        var count = Math.Min(before.Count, after.Count);
        for (var index = 0; index < count; index++)
        {
            if (DescribeDifference(new(original, patched, match), before[index], after[index]) is { } text)
            {
                return new Difference(text, after[index].Offset);
            }
        }

        return before.Count == after.Count
            ? null
            : new Difference(
                after.Count > before.Count ? $"it refers to {NameOf(after[count])} too" : $"it no longer refers to {NameOf(before[count])}",
                after.Count > before.Count ? after[count].Offset : before[count].Offset);
    }

    /// <summary>The two atoms whose references are compared, and how their instructions correspond when they do not lie at the same
    /// places.</summary>
    private readonly record struct Users(Atom Original, Atom Patched, CodeMatch? Match);

    /// <summary>How two references differ, as a phrase; null when they are equal.</summary>
    private string? DescribeDifference(in Users users, in Reference before, in Reference after)
    {
        if ((users.Match?.Map(before.Offset) ?? before.Offset) != after.Offset || before.Bias != after.Bias || before.IsFallThrough != after.IsFallThrough
            || !SameKind(before.Relocation.Type, after.Relocation.Type))
        {
            return $"it refers to {NameOf(after)} where it referred to {NameOf(before)}";
        }

        if (before.Target is null || after.Target is null)
        {
            var same = before.Target is null && after.Target is null
                && before.TargetOffset == after.TargetOffset
                && SameOutsideName(before.Relocation.Symbol, after.Relocation.Symbol);
            return same ? null : $"it refers to {NameOf(after)} where it referred to {NameOf(before)}";
        }

        return DescribeDifference(users, before.Target, before.TargetOffset, after.Target, after.TargetOffset, before, after);
    }

    private string? DescribeDifference(
        in Users users, Atom before, long beforeOffset, Atom after, long afterOffset, in Reference from, in Reference to)
    {
        if (before.Kind == AtomKind.Literals || after.Kind == AtomKind.Literals)
        {
            return before.Kind == after.Kind ? LiteralDifference(users, Literals.Of(from), Literals.Of(to), from, to) : Differ(from, to);
        }

        if (map.PatchedOf(before) is { } twin)
        {
            // Who uses it goes along, so that all that the patch says of the variable is in one place.
            if (twin == after && map.TryGetRule(after, out var rule) && rule == CorrelationRule.Moved)
            {
                return $"it refers to {NameOf(to)}, which was {NameOf(from)} and moved";
            }

            return twin != after ? Differ(from, to)
                : before.Pieces is not null && after.Pieces is not null
                    ? PieceDifference(before, beforeOffset, after, afterOffset, from, to)
                : AreSamePlace(before, beforeOffset, after, afterOffset) ? ContentOfNameless(before, after)
                : Differ(from, to);
        }

        if (before.Name != after.Name && AreBothMadeAfresh(before, after) && before.Symbol is not null)
        {
            _passedOver.Add((false, $"{after.Name} was called {before.Name} and has the same content"));
        }

        if (map.OriginalOf(after) is not null || beforeOffset != afterOffset || !AreBothMadeAfresh(before, after))
        {
            return $"it refers to {NameOf(to)} where it referred to {NameOf(from)}";
        }

        return CompareContent(before, after) is { } content ? $"{NameOf(to)} differs: {content}" : null;
    }

    /// <summary>True when two offsets mean the same place of a pair: of a function the same instruction.</summary>
    private bool AreSamePlace(Atom before, long beforeOffset, Atom after, long afterOffset)
    {
        if (before.Wide is not null || after.Wide is not null)
        {
            return Placed(before, beforeOffset) == Placed(after, afterOffset);
        }

        var isInside = before.Kind == AtomKind.Function && before.Symbol is { } symbol
            && beforeOffset != (long)(symbol.Value - before.Start) && beforeOffset >= 0;
        if (!isInside || before.Size == after.Size || lines.Match(before, after) is not { } match)
        {
            return beforeOffset == afterOffset;
        }

        _passedOver.Add((true, $"{before.Name}, whose source line numbers differ in width, lies differently"));
        return (long)match.Map((ulong)beforeOffset) == afterOffset;
    }

    private static string Differ(in Reference from, in Reference to) => $"it refers to {NameOf(to)} where it referred to {NameOf(from)}";

    private string? LiteralDifference(in Users users, in Literal before, in Literal after, in Reference from, in Reference to)
    {
        if (Literals.Equal(before, after))
        {
            return null;
        }

        if (Literals.LinesOf(before, after) is var (oldLine, newLine)
            && lines.AreLines(users.Original, from.Offset, users.Patched, to.Offset, oldLine, newLine))
        {
            _passedOver.Add((true, $"a source line number in the string {Literals.Describe(to)} differs"));
            return null;
        }

        return $"it uses the literal {Literals.Describe(to)} where it used {Literals.Describe(from)}";
    }

    /// <summary>Nameless constants among which the one that is meant can be told; see <see cref="ConstantPieces"/>.</summary>
    private string? PieceDifference(Atom before, long beforeOffset, Atom after, long afterOffset, in Reference from, in Reference to)
    {
        var (old, now) = (before.Pieces!.Find(beforeOffset), after.Pieces!.Find(afterOffset));
        return old is null || now is null || beforeOffset - old.Value.Start != afterOffset - now.Value.Start
            || !before.Bytes[(int)old.Value.Start..(int)old.Value.End].SequenceEqual(after.Bytes[(int)now.Value.Start..(int)now.Value.End])
            ? beforeOffset == afterOffset ? ContentOfNameless(before, after) : Differ(from, to)
            : null;
    }

    /// <summary>Nameless data is paired by its section only; it is the same when its content is.</summary>
    private string? ContentOfNameless(Atom before, Atom after) =>
        after.Kind == AtomKind.Anonymous ? CompareContent(before, after) : null;

    private static bool AreBothMadeAfresh(Atom before, Atom after)
    {
        if (before.Class != after.Class || before.Kind != after.Kind)
        {
            return false;
        }

        if (before.Kind is AtomKind.Attachment or AtomKind.Anonymous)
        {
            return true;
        }

        return before.Symbol is { } left && after.Symbol is { } right
            && MadeAfreshName(left, before) is { } name && name == MadeAfreshName(right, after);
    }

    private static string? MadeAfreshName(ElfSymbol symbol, Atom atom)
    {
        if (SymbolName.IsUnstable(symbol.Name))
        {
            return string.Empty;
        }

        return atom.IsMadeAfresh
            ? SpecialStatics.BaseName(symbol.Name) ?? SymbolName.Family(symbol.Name)
            : null;
    }

    /// <summary>
    /// Compares what has no identity by content. Data may refer to itself in a circle; then a pair that is under comparison already
    /// counts as equal, and what is found equal on that assumption is only kept once the pair at the circle's top proved equal.
    /// A difference holds whatever was assumed.
    /// </summary>
    private string? CompareContent(Atom before, Atom after)
    {
        var both = (before, after);
        if (_content.TryGetValue(both, out var known))
        {
            _passedOver.AddRange(known.Forgiven);
            return known.Difference;
        }

        var depth = _open.IndexOf(both);
        if (depth >= 0)
        {
            _outermost = Math.Min(_outermost, depth);
            return null;
        }

        var provisional = _provisional.FindIndex(entry => entry.Pair == both);
        if (provisional >= 0)
        {
            _outermost = Math.Min(_outermost, _provisional[provisional].Depth);
            _passedOver.AddRange(_provisional[provisional].Forgiven);
            return null;
        }

        depth = _open.Count;
        var (outer, since, start) = (_outermost, _provisional.Count, _passedOver.Count);
        _outermost = depth;
        _open.Add(both);
        var result = ContentDifference(before, after);
        _open.RemoveAt(depth);
        var forgiven = _passedOver[start..];
        if (result is not null)
        {
            _provisional.RemoveRange(since, _provisional.Count - since);
            _content[both] = (result, forgiven);
        }
        else if (_outermost < depth)
        {
            _provisional.Add((both, forgiven, _outermost));
        }
        else
        {
            foreach (var entry in _provisional[since..])
            {
                _content[entry.Pair] = (null, entry.Forgiven);
            }

            _provisional.RemoveRange(since, _provisional.Count - since);
            _content[both] = (null, forgiven);
        }

        _outermost = result is null ? Math.Min(outer, _outermost) : outer;
        return result;
    }

    private string? ContentDifference(Atom before, Atom after)
    {
        if (before.Size != after.Size)
        {
            return "its size changed";
        }

        if (CompareReferences(before, after) is { } difference)
        {
            return difference.Text;
        }

        // Code out of line may fault or be patched too.
        if (after.Class == SectionClass.OutOfLineCode && CompareAttachments(before, after) is { } attached)
        {
            return attached.Text;
        }

        // A sanitizer's data begin with file, line and column; a debug descriptor has its line in the low bits of a word.
        var left = Content(before, after);
        var right = Content(after, before);
        var descriptorLine = after.Class == SectionClass.DynamicDebug ? AfterPointers(after) : -1;
        var lineOfEntry = after.Kind == AtomKind.Attachment ? pair.Patched.Catalog.Find(after.Section.Name)?.LineNumber : null;
        for (var index = 0; index < left.Length; index++)
        {
            if (left[index] == right[index])
            {
                continue;
            }

            if (lineOfEntry is { } line && index >= left.Length - line.FromEnd && index < left.Length - line.FromEnd + line.Width)
            {
                _passedOver.Add((true, $"the source line number of an entry in {after.Section.Name} differs"));
            }
            else if (IsSanitizerData(after) && index is >= 8 and < 16)
            {
                _passedOver.Add((true, "source line numbers in a sanitizer's data differ"));
            }
            else if (descriptorLine >= 0 && index - descriptorLine is var place and >= 0 and <= 2
                && (place < 2 || ((left[index] ^ right[index]) & ~3) == 0))
            {
                _passedOver.Add((true, "the source line number of a debug message differs"));
            }
            else
            {
                return "its content differs";
            }
        }

        return null;
    }

    /// <summary>Where a descriptor's leading pointers end: at the word whose low 18 bits are the line
    /// (struct _ddebug, include/linux/dynamic_debug.h, Linux 5.10 to 6.12).</summary>
    private static int AfterPointers(Atom descriptor)
    {
        var end = 0UL;
        foreach (var reference in descriptor.References)
        {
            if (reference.Offset != end)
            {
                break;
            }

            end += 8;
        }

        return (int)end;
    }

    /// <summary>gcc names what it hands to the sanitizer's reporting functions; clang does not, so those who use it decide.</summary>
    private bool IsSanitizerData(Atom atom) =>
        atom.Section.Name.Contains("Lubsan", StringComparison.Ordinal)
        || (atom.Section.Name.Contains("..L__unnamed_", StringComparison.Ordinal)
            && pair.Patched.ReferrersOf(atom) is { Count: > 0 } users
            && users.All(static use => use.From.Kind == AtomKind.Function && use.From.References.Any(static reference =>
                reference.External is { } outside && outside.Name.StartsWith("__ubsan_handle_", StringComparison.Ordinal))));

    private Difference? CompareAttachments(Atom original, Atom patched)
    {
        var before = Compared(original, pair.Original);
        var after = Compared(patched, pair.Patched);
        for (var index = 0; index < Math.Min(before.Count, after.Count); index++)
        {
            var (old, special) = before[index];
            var (entry, other) = after[index];
            if (special.Name != other.Name)
            {
                return new Difference($"it has an entry in {other.Name} where it had one in {special.Name}");
            }

            if (CompareEntry(old, entry, special) is { } text)
            {
                return new Difference($"its entry in {special.Name} differs: {text}");
            }
        }

        if (before.Count == after.Count)
        {
            return null;
        }

        var name = before.Count > after.Count ? before[after.Count].Special.Name : after[before.Count].Special.Name;
        return new Difference($"it has {(before.Count > after.Count ? "fewer" : "more")} entries in {name}");
    }

    private static List<(Atom Entry, SpecialSection Special)> Compared(Atom atom, KernelObject owner) =>
        [.. atom.Attachments
            .Select(entry => (entry, owner.Catalog.Find(entry.Section.Name)!))
            .Where(static both => !both.Item2.Derived)];

    private string? CompareEntry(Atom before, Atom after, SpecialSection special)
    {
        if (CompareReferences(before, after) is { } difference)
        {
            return difference.Text;
        }

        var left = before.Bytes;
        var right = after.Bytes;
        if (left.Length != right.Length)
        {
            return "its size changed";
        }

        var from = special.LineNumber is { } line ? left.Length - line.FromEnd : -1;
        var to = special.LineNumber is { } lineNumber ? from + lineNumber.Width : -1;
        for (var index = 0; index < left.Length; index++)
        {
            if (left[index] != right[index] && index >= from && index < to)
            {
                _passedOver.Add((true, $"the source line number of an entry in {special.Name} differs"));
            }
            else if (left[index] != right[index])
            {
                return $"{Convert.ToHexString(left)} before, {Convert.ToHexString(right)} after";
            }
        }

        return null;
    }

    private bool SameKind(uint before, uint after) =>
        before == after || pair.Patched.Architecture.Relocations.AreEquivalent(before, after);

    private static bool SameOutsideName(ElfSymbol before, ElfSymbol after) =>
        string.Equals(before.DisplayName, after.DisplayName, StringComparison.Ordinal);

    private static string NameOf(in Reference reference)
    {
        if (reference.Target is not { } target)
        {
            return reference.Relocation.Symbol.DisplayName;
        }

        if (target.Kind == AtomKind.Literals)
        {
            return Literals.Describe(reference);
        }

        return reference.TargetOffset == 0 ? target.Name : $"{target.Name}{reference.TargetOffset:+0;-0}";
    }
}

using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Dwarf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Recognises functions whose code differs only because the lines above them moved.
///
/// The problem: __LINE__ reaches code as an immediate (might_sleep, lockdep, assertions, file systems' error helpers), so
/// a patch that adds a line changes every such function below it. A list of the functions that take line numbers
/// would have to grow with every kernel, and a number that looks like a line (255 that becomes 256 beside one added line) may be what
/// the patch is about. Debugging information has better evidence: it says which line each instruction comes from.
///
/// So a difference is forgiven when all of these hold: the instructions are the same but for immediates loaded into an
/// argument register or pushed; before and after, the immediate is the line its instruction, or the call it is for, comes from (of code
/// that was inlined, the line of the call it was inlined through); and the call gets a location as well, as a line number never
/// travels alone: a literal that is a source path, or that names a function, or __func__. When the patch itself is at hand, each pair of
/// values must also be a line and where the patch moved it. Without a line table no number is a line.
///
/// A statement of several lines has one row in the table, so a line a little behind it is one of the statement too when no other code comes
/// from the lines between, and when both versions agree in that.
///
/// Some calls get a line and nothing else (ext4's start of a transaction, whose end gets the function as well). Such a value is
/// a line when it moved like those in the same function that are known to be lines, and is near one of them, as the lines of one
/// function are; the patch, when at hand, must have left the source around it alone.
///
/// Numbers have widths: a number one greater may need a longer instruction, and everything behind moves. So functions are compared
/// instruction by instruction, and jumps by the instruction they lead to; who refers into the function asks <see cref="CodeMatch.Map"/>.
/// The kernel does not align its loops, so no no-ops come or go with that.
///
/// Limits: lines stored to memory, and those in functions where no line has a location (drivers that number their files), are not
/// recognised, and the function counts as changed, which is safe and only larger.
/// </summary>
internal sealed class LineNumberRule(ObjectPair pair, IReadOnlyDictionary<int, int>? movedLines) : ILineNumberRule
{
    /// <summary>How far from a known line of the same function a value without location may be.</summary>
    private const long Nearby = 100;

    /// <summary>How many lines a statement may have before its line number.</summary>
    private const int LongestStatement = 10;

    private readonly Dictionary<(Atom, Atom), CodeMatch?> _matches = [];

    public bool AreLines(Atom original, ulong originalOffset, Atom patched, ulong patchedOffset, long from, long to) =>
        IsMove(from, to)
            && Places(pair.Original, original, [originalOffset], from).Overlaps(Places(pair.Patched, patched, [patchedOffset], to));

    public CodeMatch? Match(Atom original, Atom patched)
    {
        if (!_matches.TryGetValue((original, patched), out var match))
        {
            _matches[(original, patched)] = match = Find(original, patched);
        }

        return match;
    }

    private readonly record struct Line(long From, long To, bool HasLocation);

    private CodeMatch? Find(Atom original, Atom patched)
    {
        var architecture = pair.Patched.Architecture;
        if (patched.Kind != AtomKind.Function || original.Kind != AtomKind.Function || original.References.Count != patched.References.Count
            || pair.Original.Debug.Lines is null || pair.Patched.Debug.Lines is null
            || architecture.Instructions.DecodeArguments(original.Bytes) is not { } before
                || architecture.Instructions.DecodeArguments(patched.Bytes) is not { } after
            || Align(before, after) is not { } aligned)
        {
            return null;
        }

        var places = aligned.ToDictionary(both => before[both.Before].Offset, static both => both.After);
        var lines = new List<Line>();
        foreach (var (old, now) in aligned)
        {
            if (before[old].BranchTarget is { } way && after[now].BranchTarget is { } other
                && before[old].BranchKind == after[now].BranchKind)
            {
                // A jump within the function leads to the same instruction. Where one leads out of it, only a reference can say what is
                // there.
                var isSame = way < original.Size
                    ? places.TryGetValue(way, out var target) && after[target].Offset == other
                    : way == other || (HasReference(original, before[old]) && HasReference(patched, after[now]));
                if (!isSame)
                {
                    return null;
                }
            }
            else if (!SameBytes(original, patched, before[old], after[now]))
            {
                if (ReadLine(original, before, old, patched, after, now) is not { } line)
                {
                    return null;
                }

                lines.Add(line);
            }
        }

        // Without a line that differs there is nothing to forgive.
        if (lines.Count == 0 || !lines.TrueForAll(item => item.HasLocation || IsNearOne(item, lines)))
        {
            return null;
        }

        var distances = lines.Select(static line => line.To - line.From).Distinct().ToList();
        return new CodeMatch(
            distances.Count == 1 ? distances[0] : null,
            [.. aligned.Select(both => before[both.Before].Offset)],
            [.. aligned.Select(both => after[both.After].Offset)]);
    }

    /// <summary>Which instruction is which: one by one. Only behind the last one may one side have more no-ops, up to the next
    /// function.</summary>
    private static List<(int Before, int After)>? Align(IReadOnlyList<ArgumentInstruction> before, IReadOnlyList<ArgumentInstruction> after)
    {
        var count = Math.Min(before.Count, after.Count);
        return before.Skip(count).Concat(after.Skip(count)).All(static instruction => instruction.IsNop)
            ? [.. Enumerable.Range(0, count).Select(static index => (index, index))]
            : null;
    }

    private Line? ReadLine(
        Atom original, IReadOnlyList<ArgumentInstruction> before, int old, Atom patched, IReadOnlyList<ArgumentInstruction> after, int now)
    {
        var (left, right) = (before[old], after[now]);
        if (left.ArgumentImmediate is not { } from || right.ArgumentImmediate is not { } to || left.Register != right.Register || !IsMove(from, to)
            || (left.Length == right.Length && !SameButImmediate(original, patched, left, right)))
        {
            return null;
        }

        var (call, way) = WayToCall(after, now);
        var (oldCall, _) = WayToCall(before, old);
        var lines = Places(pair.Original, original, Offsets(before, old, oldCall), from);
        lines.IntersectWith(Places(pair.Patched, patched, Offsets(after, now, call), to));
        return lines.Count == 0 ? null : new Line(from, to, way.Exists(index => Refers(patched, after[index])));
    }

    private static ulong[] Offsets(IReadOnlyList<ArgumentInstruction> code, int at, int call) =>
        call < 0 ? [code[at].Offset] : [code[at].Offset, code[call].Offset];

    /// <summary>How far behind a line of the code at these places a number is, for each line it may be counted from; empty when it is no
    /// line.</summary>
    private static HashSet<long> Places(KernelObject side, Atom function, ReadOnlySpan<ulong> offsets, long value)
    {
        var result = new HashSet<long>();
        if (side.Debug.Lines is not { } table)
        {
            return result;
        }

        foreach (var offset in offsets)
        {
            foreach (var line in table.At(function.Section, function.Start + offset))
            {
                var behind = value - line;
                if (behind == 0 || (behind is > 0 and <= LongestStatement && !(table.NextLine(function.Section, line) <= value)))
                {
                    result.Add(behind);
                }
            }
        }

        return result;
    }

    private bool IsMove(long from, long to) =>
        from > 0 && to > 0 && from != to
            && (movedLines is null || (movedLines.TryGetValue((int)Math.Min(from, int.MaxValue), out var moved) && moved == to));

    private bool IsNearOne(Line line, List<Line> lines)
    {
        var known =
            lines.Where(item => item.HasLocation && item.To - item.From == line.To - line.From && Math.Abs(item.From - line.From) <= Nearby)
            .Select(static item => item.From).ToList();
        if (known.Count == 0 || movedLines is null)
        {
            return known.Count > 0;
        }

        for (var near = Math.Max(1, Math.Min(line.From, known.Min()) - Nearby); near <= Math.Max(line.From, known.Max()) + Nearby; near++)
        {
            if (!movedLines.TryGetValue((int)near, out var moved) || moved - near != line.To - line.From)
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameBytes(Atom original, Atom patched, ArgumentInstruction old, ArgumentInstruction now) =>
        original.Bytes.Slice((int)old.Offset, old.Length).SequenceEqual(patched.Bytes.Slice((int)now.Offset, now.Length));

    private static bool SameButImmediate(Atom original, Atom patched, ArgumentInstruction old, ArgumentInstruction now)
    {
        var before = original.Bytes.Slice((int)old.Offset, old.Length);
        var after = patched.Bytes.Slice((int)now.Offset, now.Length);
        return old.ImmediateOffset == now.ImmediateOffset
            && before[..old.ImmediateOffset].SequenceEqual(after[..now.ImmediateOffset]);
    }

    /// <summary>The call an argument is for, and the instructions that prepare it; -1 when that is not certain.</summary>
    private static (int Call, List<int> Way) WayToCall(IReadOnlyList<ArgumentInstruction> code, int at)
    {
        // Compilers share the end of a call sequence: a load of the line and a jump to what is common, so plain jumps are followed. Where
        // the way forks the argument may reach other calls; that is not worth following.
        var instructions = new HashSet<int>();
        for (var next = at; instructions.Add(next);)
        {
            if (code[next].IsCall)
            {
                for (var before = at - 1; before >= 0 && !code[before].IsCall && !code[before].EndsBlock; before--)
                {
                    instructions.Add(before);
                }

                return (next, [.. instructions]);
            }

            next = code[next].JumpTarget is { } target ? IndexAt(code, target) : code[next].EndsBlock ? -1 : next + 1;
            if (next < 0 || next >= code.Count)
            {
                break;
            }
        }

        return (-1, []);
    }

    private static bool HasReference(Atom function, ArgumentInstruction instruction) =>
        function.References.Any(
            reference => reference.Offset >= instruction.Offset && reference.Offset < instruction.Offset + (ulong)instruction.Length);

    private static int IndexAt(IReadOnlyList<ArgumentInstruction> code, ulong offset)
    {
        for (var index = 0; index < code.Count; index++)
        {
            if (code[index].Offset == offset)
            {
                return index;
            }
        }

        return -1;
    }

    private bool Refers(Atom function, ArgumentInstruction instruction)
    {
        foreach (var reference in function.References)
        {
            if (reference.Offset >= instruction.Offset && reference.Offset < instruction.Offset + (ulong)instruction.Length
                && IsLocation(reference))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsLocation(in Reference reference)
    {
        if (reference.Target is not { } target)
        {
            return false;
        }

        if (target.Symbol is { Type: ElfSymbolType.Object } symbol
            && SpecialStatics.BaseName(symbol.Name) is "__func__" or "__FUNCTION__" or "__PRETTY_FUNCTION__")
        {
            return true;
        }

        if (target.Kind != AtomKind.Literals || !target.Section.IsStrings)
        {
            return false;
        }

        var text = System.Text.Encoding.Latin1.GetString(Literals.Rest(reference)).TrimEnd('\0');
        return text.EndsWith(".c", StringComparison.Ordinal)
            || text.EndsWith(".h", StringComparison.Ordinal)
            || (
                text.Length > 2 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_')
                    && pair.Patched.Elf.FindSymbols(text).Any(static s => s.Type == ElfSymbolType.Function));
    }
}

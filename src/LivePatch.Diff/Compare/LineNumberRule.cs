using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Recognises functions whose code differs only because the lines above them moved.
///
/// The problem: __LINE__ reaches code as an immediate (might_sleep, lockdep, assertions, file systems' error helpers), so
/// a patch that adds a line changes every such function below it. A list of the functions that take line numbers
/// would have to grow with every kernel. What they all share is better evidence: a line number never travels alone.
/// The same call gets the file's name or the function's, as a literal or as __func__.
///
/// So a difference is forgiven when all of these hold: the instructions are the same but for immediates loaded into an
/// argument register or pushed; both values are plausible lines; in one function all of them moved by the same distance; and
/// the call that follows gets a location (a literal that is a source path, or that names this function or one inlined
/// into it; or __func__). When the patch itself is at hand, each pair of values must also be a line and where the
/// patch moved it: then a constant that happens to change beside a location is not taken for a line.
///
/// Some calls get a line and nothing else (ext4's start of a transaction, whose end gets the function as well). Such a value is
/// a line when it moved like those in the same function that are known to be lines, and is near one of them, as the lines of one
/// function are; the patch, when at hand, must have left the source around it alone.
///
/// Limits: lines stored to memory, and those in functions where no line has a location (drivers that number their files), are not
/// recognised, and the function counts as changed, which is safe and only larger.
/// </summary>
internal sealed class LineNumberRule(KernelObject patchedObject, IReadOnlyDictionary<int, int>? movedLines) : ILineNumberRule
{
    /// <summary>The longest kernel source has some 30,000 lines, generated headers aside.</summary>
    private const long LongestSource = 200_000;

    /// <summary>How far from a known line of the same function a value without location may be.</summary>
    private const long Nearby = 100;

    public bool IsMoved(long from, long to) =>
        from is > 0 and <= LongestSource && to is > 0 and <= LongestSource
        && (movedLines is null || (movedLines.TryGetValue((int)from, out var moved) && moved == to));

    public long? DistanceOfLines(Atom original, Atom patched)
    {
        if (patched.Kind != AtomKind.Function || original.References.Count != patched.References.Count)
        {
            return null;
        }

        var architecture = patchedObject.Architecture;
        if (architecture.DecodeArguments(original.Bytes) is not { } before || architecture.DecodeArguments(patched.Bytes) is not { } after || before.Count != after.Count)
        {
            return null;
        }

        long? distance = null;
        var lines = new List<(long Line, bool HasLocation)>();
        for (var index = 0; index < before.Count; index++)
        {
            var (old, now) = (before[index], after[index]);
            if (old.Offset != now.Offset || old.Length != now.Length)
            {
                return null;
            }

            if (!SameBytes(original, patched, old))
            {
                if (old.ArgumentImmediate is not { } from || now.ArgumentImmediate is not { } to
                    || !SameButImmediate(original, patched, old, now)
                    || !IsMove(from, to, ref distance))
                {
                    return null;
                }

                lines.Add((from, TravelsWithLocation(patched, after, index)));
            }
        }

        return lines.TrueForAll(item => item.HasLocation || IsNearOne(item.Line, lines, distance)) ? distance : null;
    }

    private bool IsNearOne(long line, List<(long Line, bool HasLocation)> lines, long? distance)
    {
        var known = lines.Where(item => item.HasLocation && Math.Abs(item.Line - line) <= Nearby).Select(static item => item.Line).ToList();
        if (known.Count == 0 || movedLines is null)
        {
            return known.Count > 0;
        }

        for (var near = Math.Max(1, Math.Min(line, known.Min()) - Nearby); near <= Math.Max(line, known.Max()) + Nearby; near++)
        {
            if (!movedLines.TryGetValue((int)near, out var moved) || moved - near != distance)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsMove(long from, long to, ref long? distance)
    {
        if (!IsMoved(from, to))
        {
            return false;
        }

        distance ??= to - from;
        return distance == to - from && distance != 0;
    }

    private static bool SameBytes(Atom original, Atom patched, ArgumentInstruction at) =>
        original.Bytes.Slice((int)at.Offset, at.Length).SequenceEqual(patched.Bytes.Slice((int)at.Offset, at.Length));

    private static bool SameButImmediate(Atom original, Atom patched, ArgumentInstruction old, ArgumentInstruction now)
    {
        var before = original.Bytes.Slice((int)old.Offset, old.Length);
        var after = patched.Bytes.Slice((int)now.Offset, now.Length);
        return old.ImmediateOffset == now.ImmediateOffset && old.Register == now.Register
            && before[..old.ImmediateOffset].SequenceEqual(after[..now.ImmediateOffset]);
    }

    /// <summary>True when the call this argument is for gets a location too.</summary>
    private bool TravelsWithLocation(Atom function, IReadOnlyList<ArgumentInstruction> code, int at)
    {
        // Compilers share the end of a call sequence: "mov $line; jmp common", so plain jumps are followed. Where the
        // way forks the argument may reach other calls; that is not worth following.
        var instructions = new HashSet<int>();
        for (var next = at; instructions.Add(next);)
        {
            if (code[next].IsCall)
            {
                for (var before = at - 1; before >= 0 && !code[before].IsCall && !code[before].EndsBlock; before--)
                {
                    instructions.Add(before);
                }

                return instructions.Any(index => Refers(function, code[index]));
            }

            next = code[next].JumpTarget is { } target ? IndexAt(code, target) : code[next].EndsBlock ? -1 : next + 1;
            if (next < 0 || next >= code.Count)
            {
                return false;
            }
        }

        return false;
    }

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
            if (reference.Offset >= instruction.Offset && reference.Offset < instruction.Offset + (ulong)instruction.Length && IsLocation(reference))
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

        if (target.Symbol is { Type: ElfSymbolType.Object } symbol && SpecialStatics.BaseName(symbol.Name) is "__func__" or "__FUNCTION__" or "__PRETTY_FUNCTION__")
        {
            return true;
        }

        if (target.Kind != AtomKind.Literals || !target.Section.IsStrings)
        {
            return false;
        }

        var text = System.Text.Encoding.Latin1.GetString(Literals.Content(target, reference.TargetOffset)).TrimEnd('\0');
        return text.EndsWith(".c", StringComparison.Ordinal)
            || text.EndsWith(".h", StringComparison.Ordinal)
            || (text.Length > 2 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && patchedObject.Elf.FindSymbols(text).Any(static s => s.Type == ElfSymbolType.Function));
    }
}

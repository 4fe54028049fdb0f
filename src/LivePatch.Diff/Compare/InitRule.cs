using LivePatch.Diff.Objects;
using LivePatch.Elf.Dwarf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Tells changes of boot code that the patch does not mean: a helper that is inlined in it as well as in code that stays.
///
/// The boot code of the kernel itself has run, so what it does differently matters to nobody, unless the patch changes just that: then dropping the
/// change silently would lose it. The line table says which code is the function's own and which came in with an inlined function. When the
/// patch is at hand, the function is untouched if the patch leaves every line from its first to its last where it was, relative
/// to the others. Without the patch, its own instructions must be the same ones, in the same order and on the same lines.
///
/// Without debugging information there is no telling, and the change counts as meant. So it does in modules, which may be loaded after
/// the livepatch.
/// </summary>
internal sealed class InitRule(ObjectPair pair, IReadOnlyDictionary<int, int>? movedLines)
{
    /// <summary>True when all that differs came in from elsewhere.</summary>
    public bool IsUntouched(Atom original, Atom patched)
    {
        if (original.Kind != AtomKind.Function || patched.Kind != AtomKind.Function
            || pair.Original.Debug.Lines is not { } linesBefore || pair.Patched.Debug.Lines is not { } linesAfter)
        {
            return false;
        }

        var before = Code(pair.Original, original, linesBefore, isOwn: true);
        var after = Code(pair.Patched, patched, linesAfter, isOwn: true);
        if (before.Count == 0 || after.Count == 0)
        {
            return false;
        }

        return movedLines is null
            ? Texts(before).SequenceEqual(Texts(after)) && Relative(before).SequenceEqual(Relative(after))
                && !Texts(Code(pair.Original, original, linesBefore, isOwn: false)).SequenceEqual(Texts(Code(pair.Patched, patched, linesAfter, isOwn: false)))
            : IsLeftAlone(pair.Original.FunctionOf(original), before);
    }

    /// <summary>Compilers leave single instructions of an inlined function out of the ranges they give for it: lines of another function
    /// are not its own.</summary>
    private bool IsLeftAlone(DwarfFunction? function, List<(string Text, int Line)> own)
    {
        var lines = own.Select(static item => item.Line)
            .Where(line => function is not { FirstLine: > 0 } || (line >= function.FirstLine && line <= function.LastLine))
            .ToList();
        if (lines.Count == 0)
        {
            return false;
        }

        int? distance = null;
        for (var line = lines.Min(); line <= lines.Max(); line++)
        {
            if (!movedLines!.TryGetValue(line, out var moved) || (distance ??= moved - line) != moved - line)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> Texts(List<(string Text, int Line)> code) => code.Select(static item => item.Text);

    private static IEnumerable<int> Relative(List<(string Text, int Line)> own) => own.Select(item => item.Line - own[0].Line);

    /// <summary>The function's own instructions, or those that inlined functions brought, without what only says where things are.</summary>
    private static List<(string Text, int Line)> Code(KernelObject side, Atom function, DwarfLines lines, bool isOwn)
    {
        var result = new List<(string, int)>();
        if (side.Architecture.Flow.Decode(function.Bytes) is not { } code)
        {
            return result;
        }

        foreach (var instruction in code)
        {
            var at = function.Start + instruction.Offset;
            if (lines.IsInlined(function.Section, at) == isOwn)
            {
                continue;
            }

            var line = lines.At(function.Section, at).LastOrDefault();
            if (line <= 0)
            {
                continue;
            }

            var names = function.References
                .Where(reference => reference.Offset >= instruction.Offset && reference.Offset < instruction.Offset + (ulong)instruction.Length)
                .Select(static reference => reference.Target?.Kind == AtomKind.Literals ? Literals.Describe(reference.Target, reference.TargetOffset)
                    : reference.Target?.Name ?? reference.Relocation.Symbol.Name);
            var isBranch = instruction.JumpTarget is not null;
            var text = side.Architecture.Instructions.Decoder.TextOf(function.Bytes.Slice((int)instruction.Offset, instruction.Length));
            result.Add(($"{(isBranch ? text.Split(' ')[0] : text)} {string.Join(' ', names)}", line));
        }

        return result;
    }
}

using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Finds the functions to redirect in place of one that cannot be redirected.
///
/// The kernel's "inline" implies notrace, and the body of every SYSCALL_DEFINE is such a function: where the compiler leaves
/// it out of line, nothing can redirect it. But a static function that is only called has no other way in than its
/// callers, which are all in this object. When each of them can be redirected (or is of the same sort, and so on up), copies
/// of them that call the new function do all that replacing it would.
///
/// Nothing is assumed: one pointer to it, one reference from a table that is not its own, one caller that must not be
/// touched, and there is no answer. Callers in boot code do not count, since they have run; those of a module have not, when
/// the module comes after the livepatch.
/// </summary>
internal sealed class CallerRule(ObjectPair pair, CorrelationMap map, bool isModule)
{
    /// <summary>The patched functions to replace along with a function; null when not every way to it is known and redirectable.</summary>
    public IReadOnlyList<Atom>? CallersOf(Atom patched)
    {
        var callers = new HashSet<Atom>();
        var seen = new HashSet<Atom> { patched };
        var queue = new Queue<Atom>(seen);
        while (queue.TryDequeue(out var function))
        {
            if (map.OriginalOf(function) is not { } original || !IsStatic(function) || !IsStatic(original)
                || CallersIn(pair.Original, original) is not { } before || CallersIn(pair.Patched, function) is not { } after)
            {
                return null;
            }

            foreach (
                var caller in before.Select(map.PatchedOf).OfType<Atom>().Concat(after.Where(caller => map.OriginalOf(caller) is not null)))
            {
                if (map.OriginalOf(caller)!.FtraceSite is not null)
                {
                    callers.Add(caller);
                }
                else if (seen.Add(caller))
                {
                    queue.Enqueue(caller);
                }
            }
        }

        return callers.Count == 0
            ? null
            : [.. callers.OrderBy(static caller => caller.Name, StringComparer.Ordinal).ThenBy(static caller => caller.Index)];
    }

    private static bool IsStatic(Atom function) => function.Symbols.All(static symbol => symbol.Binding == ElfSymbolBinding.Local);

    /// <summary>A function that calls itself or jumps about in itself; one that takes its own address, for a timer say, leaves pointers to
    /// the old code behind, which nothing would redirect.</summary>
    private static bool IsOwnUse(KernelObject side, Atom from, in Reference reference) =>
        from.Kind == AtomKind.Function && (side.IsBranch(from, reference) || reference.IsLabel);

    /// <summary>The functions that call a function, itself left out; null when it is reached otherwise as well.</summary>
    private List<Atom>? CallersIn(KernelObject side, Atom function)
    {
        var result = new List<Atom>();
        foreach (var (from, reference) in side.ReferrersOf(function))
        {
            var caller = SymbolName.IsCold(from.Name) && from.Parent is { } parent ? parent : from;
            if ((from.Kind == AtomKind.Attachment && from.Parent == function) || (caller == function && IsOwnUse(side, from, reference)))
            {
                continue;
            }

            if (from.Kind != AtomKind.Function || !side.IsBranch(from, reference))
            {
                return null;
            }

            switch (caller.Class)
            {
                case SectionClass.Code:
                    result.Add(caller);
                    break;
                case SectionClass.Init when !isModule:
                    break;
                default:
                    return null;
            }
        }

        return result;
    }
}

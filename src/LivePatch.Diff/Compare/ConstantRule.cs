using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Decides which changed constants are replaced by a copy of the new value that their readers get.
///
/// All readers of a static constant are in this object, and each that is replaced can be given a copy. That does all the new
/// source says as long as nobody keeps the old one's address: what was stored in memory, returned or is compared with stored
/// addresses goes on meaning the old constant, and the copy's address would be left behind when the livepatch goes. So the code of all
/// users, before and after the patch, is followed (<see cref="AddressFlow"/>). An address that is only passed to a function of another
/// object is allowed for plain constants, and told: whether that function keeps it is not known here. A table of functions is a table of
/// operations more often than not, whose address objects keep; of such only those that are read in place are copied.
/// </summary>
internal sealed class ConstantRule(ObjectPair pair, CorrelationMap map)
{
    private readonly Dictionary<Atom, ConstantVerdict> _verdicts = [];
    private readonly Dictionary<Atom, FlowUnit?> _before = [];
    private readonly Dictionary<Atom, FlowUnit?> _after = [];

    /// <summary>True when the patched functions get a copy of their own.</summary>
    public bool IsCopied(Atom patched) => Of(patched).IsCopied;

    /// <summary>What is known of the uses of a paired atom.</summary>
    public ConstantVerdict Of(Atom patched)
    {
        if (!_verdicts.TryGetValue(patched, out var verdict))
        {
            _verdicts.Add(patched, verdict = Judge(patched));
        }

        return verdict;
    }

    private ConstantVerdict Judge(Atom patched)
    {
        if (map.OriginalOf(patched) is not { } original || !patched.IsLocalConstant || !original.IsLocalConstant)
        {
            return ConstantVerdict.NoConstant;
        }

        var isPure = patched.IsPureConstant && original.IsPureConstant;
        var before = UsesOf(pair.Original, original, _before);
        var after = UsesOf(pair.Patched, patched, _after);
        var passed = after.Concat(before).Where(static use => use.Kind == AddressUseKind.Passed).ToList();
        var kept =
            before.Concat(after).FirstOrDefault(static use => use.Kind != AddressUseKind.Passed && use.Kind != AddressUseKind.Written)
            ?? (isPure ? null : passed.FirstOrDefault());
        return new ConstantVerdict(true, isPure, kept, passed);
    }

    /// <summary>What code does with the address, or with what is loaded from constants that hold it.</summary>
    private static List<AddressUse> UsesOf(KernelObject side, Atom constant, Dictionary<Atom, FlowUnit?> units)
    {
        var result = new List<AddressUse>();
        var holders = new HashSet<Atom>();
        var functions = new HashSet<Atom>();
        var queue = new Queue<Atom>([constant]);
        while (queue.TryDequeue(out var atom))
        {
            foreach (var (from, _) in side.ReferrersOf(atom))
            {
                if (from.Kind == AtomKind.Function)
                {
                    functions.Add(from);
                }
                else if (from.Kind is AtomKind.Object or AtomKind.Anonymous && from != constant
                    && from.Class is not (SectionClass.Marker or SectionClass.PrintkIndex))
                {
                    if (from.Class is SectionClass.Data or SectionClass.PerCpu || from.IsGlobal)
                    {
                        result.Add(new AddressUse(AddressUseKind.Held, from, 0, string.Empty));
                    }
                    else if (holders.Add(from))
                    {
                        queue.Enqueue(from);
                    }
                }
            }
        }

        result.AddRange(AddressFlow.Of(
            side,
            functions.OrderBy(static function => function.Index),
            reference => reference.Target is not { } target ? FlowTaint.None
                : target == constant ? FlowTaint.Address
                : holders.Contains(target) ? FlowTaint.Holder : FlowTaint.None,
            units));
        return result;
    }
}

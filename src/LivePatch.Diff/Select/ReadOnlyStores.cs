using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// Stores of patched code to memory that is read-only once the kernel is up: constants, and what is __ro_after_init. They
/// fault. The original may have such stores too, in functions that only run while the kernel boots; so what counts is a store to a variable to which no
/// code of the original that stays had one.
/// </summary>
internal sealed class ReadOnlyStores(ObjectPair pair, CorrelationMap map, Selection selection, DiagnosticBag diagnostics)
{
    private readonly Dictionary<Atom, FlowUnit?> _before = [];
    private readonly Dictionary<Atom, FlowUnit?> _after = [];

    public void Check()
    {
        var targets = selection.Atoms.Where(static atom => atom.Kind == AtomKind.Function)
            .SelectMany(static function => function.References)
            .Select(static reference => reference.Target)
            .Where(target => target is not null && IsReadOnly(target) && map.OriginalOf(target) is not null)
            .OfType<Atom>()
            .Distinct()
            .OrderBy(static atom => atom.Index);
        foreach (var target in targets)
        {
            var users = pair.Patched.ReferrersOf(target).Select(static use => use.From).Where(from => from.Kind == AtomKind.Function && selection.Contains(from)).Distinct();
            if (Writes(pair.Patched, users, target, _after) is not { } write || Writes(pair.Original, RemainingUsers(target), map.OriginalOf(target)!, _before) is not null)
            {
                continue;
            }

            diagnostics.Add(DiffRefusals.ReadOnlyStore.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, write.Where.Name, write.Offset),
                $"{write.Instruction} writes {target.Name}, which is in {target.Section.Name} and read-only once the kernel is up: it would fault."));
        }
    }

    private IEnumerable<Atom> RemainingUsers(Atom target) =>
        pair.Original.ReferrersOf(map.OriginalOf(target)!).Select(static use => use.From).Where(static from => from is { Kind: AtomKind.Function, Class: SectionClass.Code }).Distinct();

    private static AddressUse? Writes(KernelObject side, IEnumerable<Atom> functions, Atom target, Dictionary<Atom, FlowUnit?> units) =>
        AddressFlow.Of(side, functions, reference => reference.Target == target ? FlowTaint.Address : FlowTaint.None, units, intoOthers: false)
            .FirstOrDefault(static use => use.Kind == AddressUseKind.Written);

    private static bool IsReadOnly(Atom atom) =>
        atom is { Kind: AtomKind.Object, Class: SectionClass.ReadOnlyData }
        || (atom is { Kind: AtomKind.Object, Class: SectionClass.Data } && atom.Section.Name.StartsWith(".data..ro_after_init", StringComparison.Ordinal));
}

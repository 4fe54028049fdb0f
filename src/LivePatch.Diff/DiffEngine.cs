using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Accounting;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Layout;
using LivePatch.Diff.Objects;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff;

/// <summary>The passes of a comparison, in their order.</summary>
public static class DiffEngine
{
    private const int MostUnclaimed = 10;

    /// <summary>Compares an object before and after a patch.</summary>
    /// <param name="original">Compiled from the kernel's own source.</param>
    /// <param name="patched">Compiled from the patched source.</param>
    /// <param name="architecture">The machine.</param>
    /// <param name="catalog">The machine's special sections, with the target kernel's entry sizes where known.</param>
    /// <param name="options">What else is known.</param>
    public static DiffResult Compare(
        ElfObject original,
        ElfObject patched,
        IArchitecture architecture,
        SpecialSectionCatalog catalog,
        DiffOptions options)
    {
        var diagnostics = new DiagnosticBag();
        if (ObjectPair.TryRead(original, patched, architecture, catalog, diagnostics) is not { } pair)
        {
            return new DiffResult(null, null, null, Selection.Empty, diagnostics);
        }

        SpecialStatics.Mark(pair.Original, options.IsModule);
        SpecialStatics.Mark(pair.Patched, options.IsModule);

        // From here on both objects are atoms and references, and neither changes any more.
        var map = Correlator.Correlate(pair, options, diagnostics);

        new FoldedIndexRule(pair, map).Settle();
        new SharedEndRule(pair, map).Settle();

        // From here on it is settled what is which.
        var changes = ChangeAnalyzer.Analyze(pair, map, options.MovedLines, options.IsModule);

        // From here on it is settled what the patch did; what follows decides what can be done about it.
        new PatchabilityRules(pair, changes, options, diagnostics).Check();
        new NameRules(pair, map, changes, diagnostics).Check();
        new RemovalRules(pair, changes, diagnostics).Check();
        var used = new DeclarationRules(pair, map, changes, options, diagnostics).Check();
        var selection = Selector.Select(pair, map, changes, options.IsModule, options.Owners, diagnostics);
        new ReadOnlyStores(pair, map, selection, options, diagnostics).Check();
        var outliving = new OutlivingAddresses(pair, map, changes, selection, diagnostics).Check();
        DoubtRule.Check(selection, diagnostics);
        DoubtRule.CheckSections(selection, pair.Patched.Name, diagnostics);
        foreach (var forgiven in changes.Forgiven.Where(static forgiven => forgiven.IsLine))
        {
            diagnostics.Add(DiffDiagnostics.LineNumbersForgiven.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, forgiven.Patched.Name), $"Not changed: {forgiven.Text}."));
        }

        foreach (var ignored in changes.Ignored)
        {
            diagnostics.Add(DiffDiagnostics.IgnoredByMarker.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, ignored.Patched.Name), $"Left out: {ignored.Text}."));
        }

        // From here on everything is said; what follows asks whether that was all there is to say.
        var ledger = diagnostics.HasFatal ? null : Accountant.Account(pair, map, changes, selection, diagnostics);
        foreach (var claim in ledger?.Unclaimed.Take(MostUnclaimed) ?? [])
        {
            var file = claim.IsPatched ? pair.Patched.Name : pair.Original.Name;
            diagnostics.Add(DiffRefusals.NotUnderstood.At(
                claim.Atom?.Symbol is { } symbol ? DiagnosticLocation.InSymbol(file, symbol.Name)
                : DiagnosticLocation.InSection(file, claim.Section?.Name ?? claim.Name, claim.Atom?.Start),
                $"No rule of this tool accounts for it{(claim.IsPatched ? string.Empty : " in the original object")}: {claim.Reason}."));
        }

        var layouts = LayoutCheck.Compare(pair.Original.Debug, pair.Patched.Debug);
        pair.Original.ForgetDebug();
        pair.Patched.ForgetDebug();
        return new DiffResult(pair, map, changes, selection, diagnostics)
        {
            Ledger = ledger,
            Outliving = outliving,
            LayoutChanges = layouts.Changes,
            LayoutProblem = layouts.Problem,
            AuthorsWordUsed = used.Concat(map.AuthorsPairs).ToHashSet(StringComparer.Ordinal),
        };
    }
}

using System.Diagnostics;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;

namespace LivePatch.Corpus;

/// <summary>Reads, compares, extracts and verifies pairs, as 'klp-build diff' does, several at a time.</summary>
/// <param name="architecture">The machine.</param>
/// <param name="structSizes">Entry sizes of special sections, by the kernel's structure name.</param>
/// <param name="symvers">The kernel's exports.</param>
internal sealed class CorpusRunner(IArchitecture architecture, IReadOnlyDictionary<string, int> structSizes, ModuleSymvers symvers)
{
    private readonly SpecialSectionCatalog _catalog = architecture.Tables.Catalog(structSizes);

    /// <summary>The outcomes, in the list's order.</summary>
    public CorpusOutcome[] Run(IReadOnlyList<CorpusPair> pairs, int threads)
    {
        var outcomes = new CorpusOutcome[pairs.Count];
        Parallel.For(
            0, pairs.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, index => outcomes[index] = RunOne(pairs[index]));
        return outcomes;
    }

    private CorpusOutcome RunOne(CorpusPair pair)
    {
        var clock = Stopwatch.StartNew();
        var diagnostics = new DiagnosticBag();
        try
        {
            using var original = ElfObject.TryRead(pair.Original, diagnostics, pair.Name);
            using var patched = ElfObject.TryRead(pair.Patched, diagnostics, pair.Name);
            DiffResult? diff = null;
            ExtractedObject? extracted = null;
            if (original is not null && patched is not null)
            {
                diff =
                    DiffEngine.Compare(
                        original, patched, architecture, _catalog, new DiffOptions(pair.Owner, new Owners(pair.Owner, symvers)));
                diagnostics.AddRange(diff.Diagnostics);
                if (!diagnostics.HasFatal && !diff.IsNoChange)
                {
                    extracted = Extract(pair, original, diff, diagnostics);
                }
            }

            var verdict = diagnostics.Any(static item => item.Kind == DiagnosticKind.Error) ? CorpusVerdict.Error
                : diagnostics.HasFatal ? CorpusVerdict.Refused
                : diff!.IsNoChange ? CorpusVerdict.NoChange
                : CorpusVerdict.Changed;
            return new CorpusOutcome(
                pair,
                verdict,
                diff?.Changed ?? [],
                diff?.New ?? [],
                [.. diagnostics.Where(static item => item.IsFatal).Select(static item => (item.Id, item.ToString()))],
                Reasons(diff),
                verdict == CorpusVerdict.Changed ? extracted?.Content : null,
                clock.Elapsed.TotalMilliseconds);
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            return new CorpusOutcome(
                pair, CorpusVerdict.Crash, [], [], [(crash.GetType().Name, crash.ToString())], [], null, clock.Elapsed.TotalMilliseconds);
        }
    }

    private static List<string> Reasons(DiffResult? diff) => diff is null
        ? []
        : [.. diff.Selection.Replaced.Select(static pair => pair.Patched).Concat(diff.Selection.Added)
            .Select(atom => $"{atom.Name}: {string.Join("; ", diff.Selection.ReasonsFor(atom).Select(static reason => reason.Text))}")];

    private ExtractedObject? Extract(CorpusPair pair, ElfObject original, DiffResult diff, DiagnosticBag diagnostics)
    {
        var resolver = new ObjectSymbolResolver(original, pair.Owner, name => symvers.Find(name) is { IsFromVmlinux: true });
        var extracted = ObjectExtractor.TryExtract(diff, pair.Owner, pair.Name, "klp_new_0_", resolver, diagnostics);
        if (extracted is not null)
        {
            // Again, now with the kernel's exports at hand.
            ExtractedObjectVerifier.Verify(
                extracted, architecture, diff.Pair!.Patched.Catalog, name => symvers.Find(name) is not null, diagnostics);
        }

        return extracted;
    }

    /// <summary>What a module's object does not define and no kernel exports is in another object of that module.</summary>
    private sealed class Owners(string owner, ModuleSymvers symvers) : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => symvers.Find(name) is { } export ? export.IsFromVmlinux : owner == "vmlinux";
    }
}

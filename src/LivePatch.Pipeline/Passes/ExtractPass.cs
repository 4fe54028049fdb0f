using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kbuild.Compile;
using LivePatch.Module.Bind;
using LivePatch.Module.Extract;
using LivePatch.Module.Target;

namespace LivePatch.Pipeline.Passes;

/// <summary>
/// Takes the selected parts out of all objects, and binds them to each other and to the target.
///
/// Equal names are told apart by the object as it was shipped, which most patches never need. So each object is extracted without it first;
/// when a name turned out to be ambiguous, the object that has it is compiled as it was shipped, and extracted once more. Asking
/// beforehand which names will be ambiguous would be a second account of what an extraction refers to.
/// </summary>
internal static class ExtractPass
{
    /// <summary>Extracts them.</summary>
    /// <returns>The parts; those that change something have what was extracted.</returns>
    /// <exception cref="DiagnosticException">Something cannot be resolved or is refused.</exception>
    public static async Task<IReadOnlyList<PatchedPart>> RunAsync(
        BuildRun run,
        IReadOnlyList<PatchedPart> parts,
        IReadOnlyList<RemovedSymbol> removed,
        IObjectCompiler compiler,
        TargetTables tables,
        CancellationToken cancellationToken)
    {
        // What each object offers the others must be known before any reference is resolved.
        using var bound = new Bound(run, parts, tables);
        var siblings = new SiblingSymbols([.. bound.Parts.Select(static item => item.Sibling)], removed);
        siblings.Check(tables.HasGlobal, run.Diagnostics);
        var result = new List<PatchedPart>();
        foreach (var item in bound.Parts)
        {
            var extracted = item.Part.Diff.IsNoChange
                ? null
                : await ExtractAsync(run, item, siblings, bound, compiler, cancellationToken).ConfigureAwait(false);
            result.Add(item.Part with { Extracted = extracted });
        }

        SiblingReach.Check([.. result.Select(static part => part.Extracted).OfType<ExtractedObject>()], tables.DependsOn, run.Diagnostics);
        run.EndIfFatal();
        return result;
    }

    /// <summary>True, and a note, when no running function is replaced. Otherwise what was extracted becomes part of the result.</summary>
    public static bool ReplacesNothing(BuildRun run, IReadOnlyList<PatchedPart> parts)
    {
        if (parts.All(static part => part.Extracted is not { Replaced.Count: > 0 }))
        {
            run.Diagnostics.Add(SiblingDiagnostics.NothingReplaced.Anywhere(
                "The patch adds functions and changes none that the kernel calls, so loading it would do nothing."));
            return true;
        }

        run.Result = run.Result with { Parts = parts };
        return false;
    }

    private static async Task<ExtractedObject?> ExtractAsync(
        BuildRun run, BoundPart item, SiblingSymbols siblings, Bound bound, IObjectCompiler compiler, CancellationToken cancellationToken)
    {
        run.Progress.Stage($"extracting from {item.Part.Path}");
        if (item.Sibling.Resolver.Value is not { } kernel)
        {
            return null;
        }

        while (true)
        {
            var found = new DiagnosticBag();
            var resolver = new SiblingResolver(item.Sibling, siblings, kernel);
            var extracted = await Task.Run(
                () => ObjectExtractor.TryExtract(
                    item.Part.Diff,
                    item.Sibling.Owner,
                    item.Part.Path,
                    $"klp_new_{item.Sibling.Index}_",
                    resolver,
                    found,
                    name => siblings.LinkName(item.Sibling, name)),
                cancellationToken).ConfigureAwait(false);
            var wanted = bound.Parts.Where(static other => other.Target is { Shipped.IsWanted: true }).ToList();
            if (wanted.Count == 0)
            {
                run.Diagnostics.AddRange(found);
                return extracted;
            }

            // Another object's names may be ambiguous too, where this one refers to them. Each is given once, so this ends.
            foreach (var other in wanted)
            {
                other.Target!.Shipped.Give(await ShippedAsync(other.Part, compiler, cancellationToken).ConfigureAwait(false));
            }
        }
    }

    private static async Task<ElfObject> ShippedAsync(PatchedPart part, IObjectCompiler compiler, CancellationToken cancellationToken)
    {
        // The target has none of a new source's code to go by.
        var file = part.Diff.Pair!.Original.Atoms.Count == 0
            ? part.Before.File
            : (await compiler.ShippedAsync(part.Before, cancellationToken).ConfigureAwait(false)).File;
        return ElfObject.Read(file, part.Path);
    }

    /// <summary>A part with what resolves its names.</summary>
    private sealed class BoundPart
    {
        public BoundPart(BuildRun run, PatchedPart part, int index, TargetTables tables)
        {
            Part = part;
            Sibling = new SiblingObject(index, part.Path, part.Owner.Name, part.Diff, new Lazy<ISymbolResolver?>(() =>
            {
                Target = tables.ResolverFor(part.Owner, run.Diagnostics);
                return Target?.Resolver;
            }));
        }

        public PatchedPart Part { get; }

        public SiblingObject Sibling { get; }

        /// <summary>The target as this part sees it; null until it is asked, and when the target lacks the part's module.</summary>
        public TargetResolver? Target { get; private set; }
    }

    /// <summary>All parts, with the shipped objects that are opened for them.</summary>
    private sealed class Bound(BuildRun run, IReadOnlyList<PatchedPart> parts, TargetTables tables) : IDisposable
    {
        public IReadOnlyList<BoundPart> Parts { get; } = [.. parts.Select((part, index) => new BoundPart(run, part, index, tables))];

        public void Dispose()
        {
            foreach (var part in Parts)
            {
                part.Target?.Shipped.Dispose();
            }
        }
    }
}

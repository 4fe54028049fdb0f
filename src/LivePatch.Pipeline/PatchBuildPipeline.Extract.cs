using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kbuild.Compile;
using LivePatch.Module.Bind;
using LivePatch.Module.Extract;
using LivePatch.Module.Target;

namespace LivePatch.Pipeline;

/// <summary>The pass that takes the selected parts out of all objects and binds them to each other and to the target.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<List<ExtractedObject>> ExtractAsync(
        IReadOnlyList<PatchedPart> parts,
        List<ObjectComparison> comparisons,
        IReadOnlyList<RemovedSymbol> removed,
        IObjectCompiler compiler,
        TargetTables tables,
        CancellationToken cancellationToken)
    {
        // What each object offers the others must be known before any reference is resolved.
        var all = new List<SiblingObject>();
        for (var index = 0; index < parts.Count; index++)
        {
            var (path, owner, diff) = comparisons[index];
            var before = parts[index].Before;

            // The target has none of a new source's code to go by.
            ElfObject Shipped() => ElfObject.Read(
                diff.Pair!.Original.Atoms.Count == 0 ? before.File : compiler.ShippedAsync(before, cancellationToken).GetAwaiter().GetResult().File, path);
            all.Add(new SiblingObject(index, path, owner.Name, diff, new Lazy<ISymbolResolver?>(() => tables.ResolverFor(owner, Shipped, _diagnostics))));
        }

        var siblings = new SiblingSymbols(all, removed);
        siblings.Check(tables.HasGlobal, _diagnostics);
        var objects = new List<ExtractedObject>();
        foreach (var item in all.Where(static item => !item.Diff.IsNoChange))
        {
            _progress.Stage($"extracting from {item.Path}");
            if (item.Resolver.Value is not { } kernel)
            {
                continue;
            }

            var resolver = new SiblingResolver(item, siblings, kernel);
            if (await Task.Run(
                () => ObjectExtractor.TryExtract(
                    item.Diff, item.Owner, item.Path, $"klp_new_{item.Index}_", resolver, _diagnostics, name => siblings.LinkName(item, name)),
                cancellationToken).ConfigureAwait(false) is { } extracted)
            {
                objects.Add(extracted);
            }
        }

        SiblingReach.Check(objects, tables.DependsOn, _diagnostics);
        return objects;
    }
}

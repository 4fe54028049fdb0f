using LivePatch.Core.Diagnostics;
using LivePatch.Core.Progress;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kbuild.Trees;
using LivePatch.Module.Target;
using LivePatch.Patches;

namespace LivePatch.Pipeline;

/// <summary>The pass that compares the objects, each by itself.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<List<ObjectComparison>> CompareAsync(
        IReadOnlyList<PatchedPart> parts, IReadOnlyList<PatchFile> patches, WorkTree tree, TargetTables tables, PatchBuildOptions options, CancellationToken cancellationToken)
    {
        _progress.Stage(parts.Count == 1 ? $"comparing {parts[0].After.Path}" : $"comparing {parts.Count} objects");
        var counter = new WorkCounter(_progress, "comparing", parts.Count);
        var results = new DiffResult[parts.Count];
        await Parallel.ForAsync(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Jobs), CancellationToken = cancellationToken }, (index, _) =>
        {
            results[index] = CompareOne(parts[index], patches, tree, tables, options);
            counter.Done(parts[index].After.Path);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);

        // In the order of the objects, whichever was compared first. An object of several modules is compared for each; most of what there
        // is to say does not depend on the module.
        var known = new HashSet<Diagnostic>();
        _diagnostics.AddRange(results.SelectMany(static result => result.Diagnostics).Where(known.Add));
        return [.. parts.Zip(results, static (part, diff) => new ObjectComparison(part.After.Path, part.Owner, diff))];
    }

    private static DiffResult CompareOne(PatchedPart part, IReadOnlyList<PatchFile> patches, WorkTree tree, TargetTables tables, PatchBuildOptions options)
    {
        var (before, after, owner) = part;
        var source = Path.ChangeExtension(after.Path, ".c");
        var original = ElfObject.Read(before.File, before.Path);
        var patched = ElfObject.Read(after.File, after.Path);
        return DiffEngine.Compare(
            original,
            patched,
            tables.Architecture,
            tables.Catalog,
            new DiffOptions(owner.Name, tables, MovedLines(patches, source, tree)) { Pairs = options.Pairs, AllowedPrototypeChanges = options.AllowedPrototypeChanges });
    }

    /// <summary>Where the patch moves the lines of a source; null when the object's code comes from other files as well,
    /// so that a line number does not say which file it is of.</summary>
    private static IReadOnlyDictionary<int, int>? MovedLines(IReadOnlyList<PatchFile> patches, string source, WorkTree tree)
    {
        var touched = patches.SelectMany(static patch => patch.Files).Where(static file => Path.GetExtension(file.Path) is ".c" or ".h").Select(static file => file.NewPath).Distinct().ToList();
        var path = Path.Combine(tree.Root, source);
        return touched.Contains(source)
            && touched.Count(file => Path.GetExtension(file) == ".h" || Path.GetDirectoryName(file) == Path.GetDirectoryName(source)) == 1
            && File.Exists(path)
            ? LineMap.For(patches, source, File.ReadLines(path).Count())
            : null;
    }
}

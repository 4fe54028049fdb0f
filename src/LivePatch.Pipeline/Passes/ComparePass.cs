using LivePatch.Core.Diagnostics;
using LivePatch.Core.Progress;
using LivePatch.Diff;
using LivePatch.Diff.Explain;
using LivePatch.Elf;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Special;
using LivePatch.Module.Bind;
using LivePatch.Module.Target;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Passes;

/// <summary>
/// Compares the objects, each by itself, and then asks what concerns the patch as a whole. Everything that must be refused is refused here,
/// so that the author sees all of it at once.
/// </summary>
internal static class ComparePass
{
    /// <summary>Compares them.</summary>
    /// <returns>The parts, compared.</returns>
    /// <exception cref="DiagnosticException">Something is refused.</exception>
    public static async Task<IReadOnlyList<PatchedPart>> RunAsync(
        BuildRun run,
        IReadOnlyList<PatchedPart> parts,
        IReadOnlyList<PatchFile> patches,
        WorkTree tree,
        TargetTables tables,
        CancellationToken cancellationToken)
    {
        run.Progress.Stage(parts.Count == 1 ? $"comparing {parts[0].Path}" : $"comparing {parts.Count} objects");
        var counter = new WorkCounter(run.Progress, "comparing", parts.Count);
        var compared = new PatchedPart[parts.Count];
        var jobs = Math.Max(1, run.Options.Jobs);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, parts.Count, parallel, (index, _) =>
        {
            compared[index] = parts[index] with { Diff = Compare(run, parts[index], patches, tree, tables) };
            counter.Done(parts[index].Path);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);

        CheckNewFiles(run, compared);

        // In the order of the objects, whichever was compared first. An object of several modules is compared for each; most of what there
        // is to say does not depend on the module.
        var known = new HashSet<Diagnostic>();
        run.Diagnostics.AddRange(compared.SelectMany(static part => part.Diff.Diagnostics).Where(known.Add));

        // What is to be said once for all objects.
        var options = run.Options;
        run.Diagnostics.AddRange(LayoutCheck.Report(
            compared.Where(static part => !part.IsAdded).Select(static part => (part.Path, part.Diff)), options.AllowedLayoutChanges));
        run.Diagnostics.AddRange(
            AuthorsWord.Unused(options.Pairs, options.AllowedPrototypeChanges, compared.Select(static part => part.Diff)));
        run.Diagnostics.AddRange(BootCodeAlone.Check(compared.Select(static part => part.Diff)));
        RemovedFunctions.Check(compared.Select(static part => (part.Path, part.Owner.Name, part.Diff)), tables.CallersOf, run.Diagnostics);
        run.Result = run.Result with { Parts = compared };
        run.EndIfFatal();
        return compared;
    }

    /// <summary>True, and a note, when the patch does nothing that runs. Otherwise what a later livepatch will lose is told.</summary>
    public static bool ChangesNothing(BuildRun run, IReadOnlyList<PatchedPart> parts)
    {
        if (parts.All(static part => part.Diff.IsNoChange))
        {
            run.Diagnostics.Add(DiffDiagnostics.NoChange.Anywhere(NoChangeText.Of(parts.Select(static part => part.Diff))));
            return true;
        }

        if (run.Options.Replace)
        {
            run.Diagnostics.AddRange(parts.SelectMany(static part => NewVariables.Check(part.Diff)));
        }

        return false;
    }

    private static DiffResult Compare(BuildRun run, PatchedPart part, IReadOnlyList<PatchFile> patches, WorkTree tree, TargetTables tables)
    {
        var original = ElfObject.Read(part.Before.File, part.Before.Path);
        run.CloseWithResult(original);
        var patched = ElfObject.Read(part.After.File, part.After.Path);
        run.CloseWithResult(patched);
        return DiffEngine.Compare(
            original,
            patched,
            tables.Architecture,
            tables.Catalog,
            new DiffOptions(part.Owner.Name, tables, MovedLines(patches, Path.ChangeExtension(part.Path, ".c"), tree))
            {
                Pairs = run.Options.Pairs,
                AllowedPrototypeChanges = run.Options.AllowedPrototypeChanges,
            });
    }

    private static void CheckNewFiles(BuildRun run, PatchedPart[] parts)
    {
        foreach (var part in parts.Where(static part => part.IsAdded).DistinctBy(static part => part.Path))
        {
            if (part.Diff.Pair is { } pair && Registration.OfModule(pair.Patched.Elf) is { } name)
            {
                var source = Path.ChangeExtension(part.Path, ".c");
                run.Diagnostics.Add(BuildFileDiagnostics.NewFileInitialises.At(source, $"It defines {name}."));
            }
        }
    }

    /// <summary>Where the patch moves the lines of a source; null when the object's code comes from other files as well,
    /// so that a line number does not say which file it is of.</summary>
    private static IReadOnlyDictionary<int, int>? MovedLines(IReadOnlyList<PatchFile> patches, string source, WorkTree tree)
    {
        var touched = patches.SelectMany(static patch => patch.Files)
            .Where(static file => Path.GetExtension(file.Path) is ".c" or ".h")
            .Select(static file => file.NewPath).Distinct().ToList();
        var path = Path.Combine(tree.Root, source);
        return touched.Contains(source)
            && touched.Count(file => Path.GetExtension(file) == ".h" || Path.GetDirectoryName(file) == Path.GetDirectoryName(source)) == 1
            && File.Exists(path)
            ? LineMap.For(patches, source, File.ReadLines(path).Count())
            : null;
    }
}

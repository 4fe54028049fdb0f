using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Progress;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Units;

namespace LivePatch.Pipeline.Passes;

/// <summary>
/// Compiles each object before and after.
///
/// New objects come first, because only Kbuild itself can compile them and it does so with one make. Then all originals, then all patched
/// ones: between the two the directories that commands leave by ".." are made real, and no link may be replaced by a directory while a
/// compiler goes through it. What fails is gathered and told together, some messages being of interest only beside the others.
/// </summary>
internal static class CompilePass
{
    /// <summary>Compiles them.</summary>
    /// <returns>One part for each owner of each object, in the objects' order.</returns>
    /// <exception cref="DiagnosticException">Something does not compile (LP0322, LP0323, LP0324).</exception>
    public static async Task<IReadOnlyList<PatchedPart>> RunAsync(
        BuildRun run, IObjectCompiler compiler, PatchedTree patched, UnitPlan plan, CancellationToken cancellationToken)
    {
        var objects = plan.Units.Select(static unit => new Pair(unit)).ToList();
        var failures = new CompileFailures();
        var jobs = Math.Max(1, run.Options.Jobs);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellationToken };
        await compiler.MakeOriginalsAsync(
            [.. plan.Units.Select(static unit => unit.Original).OfType<string>(), .. plan.Removed], run.Options.Jobs, cancellationToken)
                .ConfigureAwait(false);
        await MakeNewAsync(run, compiler, patched, objects, failures, cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(objects, parallel, (item, token) => failures.CatchAsync(async () =>
            item.Before = item.Unit.Original is { } original ? await compiler.OriginalAsync(original, token).ConfigureAwait(false)
                : item.After is { } alone ? Nothing(alone)
                : null)).ConfigureAwait(false);

        var both = objects.Where(static item => item is { Before: not null, IsNew: false }).ToList();
        await MakePatchedAsync(run, compiler, patched, both, failures, parallel).ConfigureAwait(false);
        run.Diagnostics.AddRange(failures.Diagnostics);
        run.EndIfFatal();

        // What is said of a header is said again for every object that includes it.
        run.Diagnostics.AddRange(objects
            .SelectMany(static item => item.After!.Warnings.Select(line => (item.After!.Path, Line: line)))
            .DistinctBy(static item => item.Line)
            .Select(static item => BuildDiagnostics.CompilerWarning.At(Path.ChangeExtension(item.Path, ".c"), item.Line)));
        return [.. objects.SelectMany(static item => item.Parts())];
    }

    private static async Task MakeNewAsync(
        BuildRun run,
        IObjectCompiler compiler,
        PatchedTree patched,
        List<Pair> objects,
        CompileFailures failures,
        CancellationToken cancellationToken)
    {
        var added = objects.Where(static item => item.IsNew).ToDictionary(static item => item.Unit.Object, StringComparer.Ordinal);
        patched.Overlay.LinkGenerated();
        foreach (var directory in added.Keys.Select(TreePath.DirectoryOf).Distinct())
        {
            patched.Overlay.CopyGenerated(directory);
        }

        await failures.CatchAsync(async () =>
        {
            var made = await compiler.NewAsync([.. added.Keys], patched.Overlay.Root, run.Options.Jobs, cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in made)
            {
                added[item.Path].After = item;
            }
        }).ConfigureAwait(false);
    }

    private static async Task MakePatchedAsync(
        BuildRun run,
        IObjectCompiler compiler,
        PatchedTree patched,
        List<Pair> objects,
        CompileFailures failures,
        ParallelOptions parallel)
    {
        var overlay = patched.Overlay;
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            ParentDirectories.AddOfCommand(item.Before!.Command.Text, compiler.Root, directories);
        }

        overlay.EnsureRealDirectories(directories);
        overlay.LinkGenerated();
        var counter = new WorkCounter(run.Progress, "compiling patched", objects.Count);
        async ValueTask CompileAsync(Pair item, CancellationToken token)
        {
            await failures.CatchAsync(async () =>
            {
                run.Progress.Stage($"compiling {item.Unit.Object} patched");
                item.After = await compiler.PatchedAsync(item.Before!, overlay.Root, token).ConfigureAwait(false);
            }).ConfigureAwait(false);
            counter.Done(item.Unit.Object);
        }

        await Parallel.ForEachAsync(objects, parallel, CompileAsync).ConfigureAwait(false);
        foreach (var item in objects)
        {
            // Each turn makes a directory real that was none, so this ends.
            while (MisreadFiles.DirectoriesFor(overlay, item.Unit.Object, patched.Changed) is { Count: > 0 } misread)
            {
                overlay.EnsureRealDirectories(misread);
                await CompileAsync(item, parallel.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What a new source is compared with: an object that has nothing.</summary>
    private static CompiledObject Nothing(CompiledObject after)
    {
        var file = after.File + ".none";
        using var made = ElfObject.Read(after.File, after.Path);
        var builder = new ElfObjectBuilder(made.Header.Machine, made.Header.Order);

        // An object without any symbol would look stripped.
        var name = builder.AddSymbol(Path.GetFileName(after.Path));
        name.Type = ElfSymbolType.File;
        name.ReservedIndex = ElfConstants.ShnAbs;
        File.WriteAllBytes(file, builder.ToArray());
        return after with { File = file, Warnings = [] };
    }

    /// <summary>One object on its way through this pass.</summary>
    private sealed class Pair(CompileUnit unit)
    {
        public CompileUnit Unit { get; } = unit;

        public CompiledObject? Before { get; set; }

        public CompiledObject? After { get; set; }

        /// <summary>The patched tree alone has it. Of a source with a new name there is no recorded command either.</summary>
        public bool IsNew => Unit.Original != Unit.Object;

        public IEnumerable<PatchedPart> Parts() =>
            Before!.Owners.Select(owner => new PatchedPart(Before!, After!, owner) { IsAdded = Unit.Original is null });
    }
}

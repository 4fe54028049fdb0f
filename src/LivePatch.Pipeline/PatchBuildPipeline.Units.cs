using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Progress;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;
using LivePatch.Kbuild.Units;
using LivePatch.Kernel.Special;
using LivePatch.Module.Bind;
using LivePatch.Patches;

namespace LivePatch.Pipeline;

/// <summary>The passes that find out what to compile and compile it: changed, new, renamed and removed sources.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<UnitPlan?> PlanUnitsAsync(PatchPlan plan, bool hasMore, WorkTree tree, PatchOverlay overlay, CancellationToken cancellationToken)
    {
        await new BuildFileJudge(tree.Root, overlay.Root, _runner, _diagnostics).JudgeAsync(plan, cancellationToken).ConfigureAwait(false);
        IBuiltObjects built = _database is null ? new ListedObjects(tree.Root) : await DatabaseObjects.LoadAsync(tree, _database, plan, cancellationToken).ConfigureAwait(false);
        var planned = new DiagnosticBag();
        var units = new UnitPlanner(tree.Root, built, overlay.Root, planned).Plan(plan);

        // A makefile that was refused is not there to list anything.
        var isRefused = _diagnostics.HasFatal;
        _diagnostics.AddRange(planned.Where(item => !isRefused || (item.Descriptor != BuildFileDiagnostics.NewFileNotBuilt && item.Descriptor != BuildFileDiagnostics.MakefileLacksChange)));
        if (!_diagnostics.HasFatal && !hasMore && units.Units.Count == 0 && plan.Headers.Count == 0)
        {
            _diagnostics.Add(PatchDiagnostics.NothingBuilt.Anywhere("No source it changes is built into the kernel or a module."));
        }

        if (_diagnostics.HasFatal)
        {
            return null;
        }

        overlay.EnsureRealDirectories(units.Units.Select(static unit => TreePath.DirectoryOf(unit.Object)));

        return units;
    }

    private async Task<List<(CompiledObject Before, CompiledObject After)>> CompileAsync(
        IObjectCompiler compiler, PatchOverlay overlay, UnitPlan plan, IReadOnlySet<string> changed, int jobs, CancellationToken cancellationToken)
    {
        var units = plan.Units;
        var failures = new CompileFailures();
        await compiler.MakeOriginalsAsync([.. units.Select(static unit => unit.Original).OfType<string>(), .. plan.Removed], jobs, cancellationToken).ConfigureAwait(false);

        // Of a source with a new name there is no recorded command either.
        var added = units.Where(static unit => unit.Original != unit.Object).Select(static unit => unit.Object).ToList();
        var made = new Dictionary<string, CompiledObject>(StringComparer.Ordinal);
        overlay.LinkGenerated();
        foreach (var directory in added.Select(TreePath.DirectoryOf).Distinct())
        {
            overlay.CopyGenerated(directory);
        }

        await failures.CatchAsync(async () =>
        {
            foreach (var item in await compiler.NewAsync(added, overlay.Root, jobs, cancellationToken).ConfigureAwait(false))
            {
                made.Add(item.Path, item);
            }
        }).ConfigureAwait(false);

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = cancellationToken };
        var before = new CompiledObject?[units.Count];
        var after = units.Select(unit => made.GetValueOrDefault(unit.Object)).ToArray();
        await Parallel.ForAsync(0, units.Count, parallel, (index, token) => failures.CatchAsync(async () =>
        {
            var unit = units[index];
            before[index] = unit.Original is not null ? await compiler.OriginalAsync(unit.Original, token).ConfigureAwait(false)
                : after[index] is { } alone ? Nothing(alone)
                : null;
        })).ConfigureAwait(false);

        // No link may be replaced by a directory while a compiler goes through it.
        var wanted = Enumerable.Range(0, units.Count).Where(index => before[index] is not null && after[index] is null && !added.Contains(units[index].Object)).ToList();
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var index in wanted)
        {
            ParentDirectories.AddOfCommand(before[index]!.Command.Text, compiler.Root, directories);
        }

        overlay.EnsureRealDirectories(directories);
        overlay.LinkGenerated();
        var counter = new WorkCounter(_progress, "compiling patched", wanted.Count);
        async ValueTask Compile(int index, CancellationToken token)
        {
            await failures.CatchAsync(async () =>
            {
                _progress.Stage($"compiling {units[index].Object} patched");
                after[index] = await compiler.PatchedAsync(before[index]!, overlay.Root, token).ConfigureAwait(false);
            }).ConfigureAwait(false);
            counter.Done(units[index].Object);
        }

        await Parallel.ForEachAsync(wanted, parallel, Compile).ConfigureAwait(false);
        foreach (var index in wanted)
        {
            // Each turn makes a directory real that was none, so this ends.
            while (MisreadFiles.DirectoriesFor(overlay, units[index].Object, changed) is { Count: > 0 } misread)
            {
                overlay.EnsureRealDirectories(misread);
                await Compile(index, cancellationToken).ConfigureAwait(false);
            }
        }

        _diagnostics.AddRange(failures.Diagnostics);
        if (_diagnostics.HasFatal)
        {
            throw new DiagnosticException([.. TakeDiagnostics()]);
        }

        // What is said of a header is said again for every object that includes it.
        _diagnostics.AddRange(after.OfType<CompiledObject>()
            .SelectMany(static item => item.Warnings.Select(line => (Source: Path.ChangeExtension(item.Path, ".c"), Line: line)))
            .DistinctBy(static item => item.Line)
            .Select(static item => BuildDiagnostics.CompilerWarning.At(item.Source, item.Line)));
        return [.. before.Zip(after, static (original, patched) => (original!, patched!))];
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

    /// <summary>The symbols of removed sources, and a refusal where such a source goes on working by itself.</summary>
    private async Task<IReadOnlyList<RemovedSymbol>> RemovedAsync(IObjectCompiler compiler, UnitPlan plan, CancellationToken cancellationToken)
    {
        var result = new List<RemovedSymbol>();
        foreach (var path in plan.Removed)
        {
            var original = await compiler.OriginalAsync(path, cancellationToken).ConfigureAwait(false);
            using var elf = ElfObject.Read(original.File, path);
            var source = Path.ChangeExtension(path, ".c");
            if (Registration.Find(elf) is { } registration)
            {
                _diagnostics.Add(BuildFileDiagnostics.RemovedFileActive.At(source, $"The patch removes it, and it has {registration}."));
            }
            else
            {
                _diagnostics.Add(BuildFileDiagnostics.RemovedFileStays.At(source, "The patch removes it; the running kernel keeps its code."));
            }

            result.AddRange(elf.Symbols
                .Where(static symbol => symbol.Section is not null && symbol.Binding == ElfSymbolBinding.Global)
                .SelectMany(symbol => original.Owners.Select(owner => new RemovedSymbol(symbol.Name, owner.Name, path))));
        }

        return result;
    }

    private void CheckNewFiles(UnitPlan plan, IReadOnlyList<(CompiledObject Before, CompiledObject After)> pairs)
    {
        foreach (var (unit, pair) in plan.Units.Zip(pairs).Where(static item => item.First.Original is null))
        {
            using var elf = ElfObject.Read(pair.After.File, unit.Object);
            if (Registration.OfModule(elf) is { } name)
            {
                _diagnostics.Add(BuildFileDiagnostics.NewFileInitialises.At(Path.ChangeExtension(unit.Object, ".c"), $"It defines {name}."));
            }
        }
    }
}

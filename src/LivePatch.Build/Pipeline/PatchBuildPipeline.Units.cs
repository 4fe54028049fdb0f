using LivePatch.Build.BuildFiles;
using LivePatch.Build.Kbuild;
using LivePatch.Build.Patches;
using LivePatch.Build.Siblings;
using LivePatch.Build.Trees;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;

namespace LivePatch.Build.Pipeline;

/// <summary>The passes that find out what to compile and compile it: changed, new, renamed and removed sources.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<UnitPlan?> PlanUnitsAsync(PatchPlan plan, WorkTree tree, PatchOverlay overlay, CancellationToken cancellationToken)
    {
        await new BuildFileJudge(tree.Root, overlay.Root, _runner, _diagnostics).JudgeAsync(plan, cancellationToken).ConfigureAwait(false);
        var units = new UnitPlanner(tree.Root, overlay.Root, _diagnostics).Plan(plan);
        if (!_diagnostics.HasFatal && units.Units.Count == 0)
        {
            _diagnostics.Add(PatchDiagnostics.NothingBuilt.Anywhere("No source it changes is built into the kernel or a module."));
        }

        if (_diagnostics.HasFatal)
        {
            return null;
        }

        foreach (var unit in units.Units)
        {
            overlay.EnsureRealDirectory(Path.GetDirectoryName(unit.Object) ?? string.Empty);
        }

        return units;
    }

    private async Task<List<(CompiledObject Before, CompiledObject After)>> CompileAsync(
        IObjectCompiler compiler, PatchOverlay overlay, UnitPlan plan, int jobs, CancellationToken cancellationToken)
    {
        var units = plan.Units;
        var results = new (CompiledObject Before, CompiledObject After)[units.Count];
        var failures = new DiagnosticException?[units.Count + 1];
        await compiler.MakeOriginalsAsync([.. units.Select(static unit => unit.Original).OfType<string>(), .. plan.Removed], jobs, cancellationToken).ConfigureAwait(false);

        // Of a source with a new name there is no recorded command either.
        var added = units.Where(static unit => unit.Original != unit.Object).Select(static unit => unit.Object).ToList();
        var made = new Dictionary<string, CompiledObject>(StringComparer.Ordinal);
        try
        {
            foreach (var item in await compiler.NewAsync(added, overlay.Root, jobs, cancellationToken).ConfigureAwait(false))
            {
                made.Add(item.Path, item);
            }
        }
        catch (DiagnosticException failure)
        {
            failures[units.Count] = failure;
        }

        await Parallel.ForAsync(0, units.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = cancellationToken }, async (index, token) =>
        {
            var unit = units[index];
            try
            {
                if (made.TryGetValue(unit.Object, out var after))
                {
                    var original = unit.Original is null ? Nothing(after) : await compiler.OriginalAsync(unit.Original, token).ConfigureAwait(false);
                    results[index] = (original, after);
                }
                else if (unit.Original is not null && !added.Contains(unit.Object))
                {
                    var before = await compiler.OriginalAsync(unit.Original, token).ConfigureAwait(false);
                    overlay.LinkGenerated();
                    _progress.Stage($"compiling {unit.Object} patched");
                    results[index] = (before, await compiler.PatchedAsync(before, overlay.Root, token).ConfigureAwait(false));
                }
            }
            catch (DiagnosticException failure)
            {
                // The other files' messages are wanted too.
                failures[index] = failure;
            }
        }).ConfigureAwait(false);

        foreach (var failure in failures)
        {
            _diagnostics.AddRange(failure?.Diagnostics ?? []);
        }

        if (_diagnostics.HasFatal)
        {
            throw new DiagnosticException([.. TakeDiagnostics()]);
        }

        foreach (var (_, after) in results)
        {
            _diagnostics.AddRange(after.Warnings.Select(line => BuildDiagnostics.CompilerWarning.At(Path.ChangeExtension(after.Path, ".c"), line)));
        }

        return [.. results];
    }

    /// <summary>What a new source is compared with: an object that has nothing.</summary>
    private static CompiledObject Nothing(CompiledObject after)
    {
        var file = after.File + ".none";
        using var made = ElfObject.Read(after.File, after.Path);
        var builder = new ElfObjectBuilder(made.Header.Machine);

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

using LivePatch.Core.IO;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Trees;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;
using LivePatch.Pipeline.OutOfTree;

namespace LivePatch.Pipeline;

/// <summary>The pass that adds the objects which changed headers reach.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<UnitPlan?> AddHeaderUnitsAsync(
        UnitPlan units,
        PatchPlan plan,
        IReadOnlyList<string> generated,
        PatchBuildOptions options,
        WorkTree tree,
        PatchOverlay overlay,
        IObjectCompiler compiler,
        string temporary,
        CancellationToken cancellationToken)
    {
        if (plan.Headers.Count + generated.Count == 0)
        {
            return units;
        }

        if (compiler is ModuleSourceCompiler module)
        {
            return await AddModuleHeaderUnitsAsync(units, plan, options, overlay, module, cancellationToken).ConfigureAwait(false);
        }

        var own = units.Units.Select(static unit => unit.Object).Concat(units.Removed).ToHashSet(StringComparer.Ordinal);
        var objects = await new HeaderPass(tree, _database!, _runner, _progress, _diagnostics)
            .ObjectsAsync(plan.Headers, generated, own, overlay, temporary, options.Jobs, options.MaxObjects, cancellationToken).ConfigureAwait(false);
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        overlay.EnsureRealDirectories(objects.Select(static item => TreePath.DirectoryOf(item.Path)));
        Lap("headers");
        return units with { Units = [.. units.Units, .. objects.Select(static item => new CompileUnit(item.Path, item.Path))] };
    }

    private async Task<UnitPlan?> AddModuleHeaderUnitsAsync(
        UnitPlan units, PatchPlan plan, PatchBuildOptions options, PatchOverlay overlay, ModuleSourceCompiler module, CancellationToken cancellationToken)
    {
        var all = await module.ObjectsIncludingAsync(plan.Headers, cancellationToken).ConfigureAwait(false);
        var objects = all.Where(path => !units.Units.Any(unit => unit.Object == path)).ToList();
        var says = $"{all.Count} of the module's objects include {string.Join(", ", plan.Headers)}.";
        _progress.Stage(says.TrimEnd('.'));
        if (objects.Count > options.MaxObjects)
        {
            _diagnostics.Add(HeaderDiagnostics.TooMany.At(plan.Headers[0], says));
            return null;
        }

        _diagnostics.Add((all.Count == 0 ? HeaderDiagnostics.NotIncluded : HeaderDiagnostics.Objects).At(plan.Headers[0], says));
        overlay.EnsureRealDirectories(objects.Select(TreePath.DirectoryOf));
        Lap("headers");
        return units with { Units = [.. units.Units, .. objects.Select(static path => new CompileUnit(path, path))] };
    }
}

using LivePatch.Build.BuildFiles;
using LivePatch.Build.Headers;
using LivePatch.Build.Kbuild;
using LivePatch.Build.Patches;
using LivePatch.Build.Trees;

namespace LivePatch.Build.Pipeline;

/// <summary>The pass that adds the objects which changed headers reach.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<UnitPlan?> AddHeaderUnitsAsync(
        UnitPlan units, PatchPlan plan, PatchBuildOptions options, WorkTree tree, PatchOverlay overlay, IObjectCompiler compiler, string temporary, CancellationToken cancellationToken)
    {
        if (plan.Headers.Count == 0)
        {
            return units;
        }

        var own = units.Units.Select(static unit => unit.Object).Concat(units.Removed).ToHashSet(StringComparer.Ordinal);
        var objects = await new HeaderPass(tree, _database!, _runner, _progress, _diagnostics)
            .ObjectsAsync(plan.Headers, own, overlay, temporary, options.Jobs, options.MaxObjects, cancellationToken).ConfigureAwait(false);
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        foreach (var item in objects)
        {
            overlay.EnsureRealDirectory(Path.GetDirectoryName(item.Path) ?? string.Empty);
        }

        await compiler.ReplayOriginalsAsync([.. objects.Where(static item => item.Command is not null)], options.Jobs, cancellationToken).ConfigureAwait(false);
        Lap("headers");
        return units with { Units = [.. units.Units, .. objects.Select(static item => new CompileUnit(item.Path, item.Path))] };
    }
}

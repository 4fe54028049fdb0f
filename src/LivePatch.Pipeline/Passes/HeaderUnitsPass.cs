using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.Passes;

/// <summary>Adds the objects that changed headers and generated files reach.</summary>
internal static class HeaderUnitsPass
{
    /// <summary>Adds them.</summary>
    /// <exception cref="DiagnosticException">They are too many, or something is refused.</exception>
    public static async Task<UnitPlan> RunAsync(
        BuildRun run,
        ISourceTree source,
        PatchedTree patched,
        PatchPlan plan,
        IReadOnlyList<string> generated,
        UnitPlan units,
        string temporary,
        CancellationToken cancellationToken)
    {
        if (plan.Headers.Count + generated.Count == 0)
        {
            return units;
        }

        var objects = await source.ObjectsReachedAsync(plan.Headers, generated, units, patched.Overlay, temporary, cancellationToken)
            .ConfigureAwait(false);
        run.EndIfFatal();
        patched.Overlay.EnsureRealDirectories(objects.Select(TreePath.DirectoryOf));
        run.Lap("headers");
        return units with { Units = [.. units.Units, .. objects.Select(static path => new CompileUnit(path, path))] };
    }
}

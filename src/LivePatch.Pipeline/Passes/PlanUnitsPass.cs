using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.Passes;

/// <summary>Finds the objects of changed, new, renamed and removed sources, after the patch's makefiles were judged.</summary>
internal static class PlanUnitsPass
{
    /// <summary>Finds them.</summary>
    /// <param name="run">The build.</param>
    /// <param name="source">The unpatched source.</param>
    /// <param name="patched">The patched one; the objects' directories are made real in it.</param>
    /// <param name="plan">What the patches do.</param>
    /// <param name="inputs">Changed files that the build generates others from; they have no object.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Something is refused, or nothing is built from what the patches change.</exception>
    public static async Task<UnitPlan> RunAsync(
        BuildRun run,
        ISourceTree source,
        PatchedTree patched,
        PatchPlan plan,
        IReadOnlyList<string> inputs,
        CancellationToken cancellationToken)
    {
        plan = plan with { SourceFiles = [.. plan.SourceFiles.Except(inputs)] };
        var overlay = patched.Overlay;
        await new BuildFileJudge(source.Tree.Root, overlay.Root, run.Runner, run.Diagnostics).JudgeAsync(plan, cancellationToken)
            .ConfigureAwait(false);
        var built = await source.BuiltObjectsAsync(plan, cancellationToken).ConfigureAwait(false);
        var found = new DiagnosticBag();
        var units = new UnitPlanner(source.Tree.Root, built, overlay.Root, found).Plan(plan);

        // A makefile that was refused is not there to list anything.
        var isRefused = run.Diagnostics.HasFatal;
        run.Diagnostics.AddRange(found.Where(item => !isRefused
            || (item.Descriptor != BuildFileDiagnostics.NewFileNotBuilt && item.Descriptor != BuildFileDiagnostics.MakefileLacksChange)));
        if (!run.Diagnostics.HasFatal && inputs.Count == 0 && units.Units.Count == 0 && plan.Headers.Count == 0)
        {
            run.Diagnostics.Add(PatchDiagnostics.NothingBuilt.Anywhere("No source it changes is built into the kernel or a module."));
        }

        run.EndIfFatal();
        overlay.EnsureRealDirectories(units.Units.Select(static unit => TreePath.DirectoryOf(unit.Object)));
        return units;
    }
}

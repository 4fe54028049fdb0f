using LivePatch.Core.Diagnostics;
using LivePatch.Patches;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.Passes;

/// <summary>Sorts what the patches touch by what it is, and refuses what cannot be livepatched whatever the change.</summary>
internal static class ClassifyPass
{
    /// <summary>Sorts it.</summary>
    /// <exception cref="DiagnosticException">Something is refused.</exception>
    public static PatchPlan Run(BuildRun run, ISourceTree source, IReadOnlyList<PatchFile> patches)
    {
        var plan = PatchClassifier.Classify(patches, source.Tree.HasFile, run.Diagnostics);
        source.Refuse(plan);
        run.EndIfFatal();
        return plan;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Trees;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Passes;

/// <summary>Reads all patch files, against the tree they are for: it tells what their paths begin with.</summary>
internal static class ReadPatchesPass
{
    /// <summary>Reads them.</summary>
    /// <exception cref="DiagnosticException">One cannot be read (LP0001, LP03xx).</exception>
    public static IReadOnlyList<PatchFile> Run(BuildRun run, WorkTree tree)
    {
        var paths = run.Options.Patches;
        var result = paths.Select(path => PatchFile.TryRead(path, tree.HasFile, run.Diagnostics)).OfType<PatchFile>().ToList();
        return result.Count == paths.Count ? result : throw run.Failure();
    }
}

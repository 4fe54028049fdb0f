using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Trees;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Passes;

/// <summary>Makes the patched tree.</summary>
internal static class ApplyPass
{
    /// <summary>Makes it.</summary>
    /// <exception cref="DiagnosticException">A patch does not apply.</exception>
    public static async Task<PatchedTree> RunAsync(
        BuildRun run, WorkTree tree, IReadOnlyList<PatchFile> patches, string temporary, CancellationToken cancellationToken)
    {
        run.Progress.Stage("applying the patch");
        var changed = patches.SelectMany(static patch => patch.Files).SelectMany(static file => new[] { file.OldPath, file.NewPath })
            .ToHashSet(StringComparer.Ordinal);
        await tree.CheckAroundAsync(changed, cancellationToken).ConfigureAwait(false);
        var overlay = PatchOverlay.Create(tree.Root, Path.Combine(temporary, "patched"), changed, []);
        var patched = new PatchedTree(overlay, changed, run.Options.KeepTemp);
        try
        {
            run.Diagnostics.AddRange(await PatchApplier.ApplyAsync(overlay, patches, run.Runner, cancellationToken).ConfigureAwait(false));
            run.EndIfFatal();
            return patched;
        }
        catch
        {
            patched.Dispose();
            throw;
        }
    }
}

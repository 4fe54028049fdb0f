using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Generated;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;
using LivePatch.Patches;

namespace LivePatch.Pipeline;

/// <summary>The pass that follows changed files through what the kernel's build generates from them.</summary>
public sealed partial class PatchBuildPipeline
{
    private GeneratedPass? _generatedPass;

    /// <summary>
    /// The changed files that no object is compiled from, and from which the build generates something, or which it runs for that. What is no such
    /// file and no source either is refused here. Asking takes Kbuild's answer about the whole kernel, so it is asked only where a file may be one.
    /// </summary>
    private async Task<IReadOnlyList<string>> GeneratorInputsAsync(PatchPlan plan, WorkTree tree, int jobs, CancellationToken cancellationToken)
    {
        if (_database is null)
        {
            return [];
        }

        var candidates = plan.Inputs.Select(static item => item.Path).Concat(plan.Ignored.Where(static path => path.StartsWith("scripts/", StringComparison.Ordinal))).ToList();
        var finder = new OwnerFinder(tree, _database);
        foreach (var source in plan.SourceFiles.Where(path => File.Exists(Path.Combine(tree.Root, path)) && !KbuildRules.IsListed(tree.Root, Path.ChangeExtension(path, ".o"))))
        {
            if ((await finder.FindAsync(source, cancellationToken).ConfigureAwait(false)).Objects.Count == 0)
            {
                candidates.Add(source);
            }
        }

        if (candidates.Count == 0)
        {
            return [];
        }

        var pass = await GeneratedPassAsync(tree, jobs, cancellationToken).ConfigureAwait(false);
        var inputs = candidates.Where(pass.IsInput).ToList();
        _diagnostics.AddRange(plan.Inputs.Where(item => !inputs.Contains(item.Path)).Select(static item => item.Refusal));
        return inputs;
    }

    /// <summary>The generated files that are others with the patch; null when something is refused.</summary>
    private async Task<IReadOnlyList<string>?> GeneratedAsync(
        IReadOnlyList<string> inputs, PatchPlan plan, PatchBuildOptions options, WorkTree tree, PatchOverlay overlay, string temporary, CancellationToken cancellationToken)
    {
        if (_database is null || plan.Headers.Count + inputs.Count == 0)
        {
            return [];
        }

        var pass = await GeneratedPassAsync(tree, options.Jobs, cancellationToken).ConfigureAwait(false);
        var generated = await pass.FollowAsync([.. inputs, .. plan.Headers], overlay, temporary, options.Jobs, cancellationToken).ConfigureAwait(false);
        Lap("generate");
        return _diagnostics.HasFatal ? null : generated;
    }

    private async Task<GeneratedPass> GeneratedPassAsync(WorkTree tree, int jobs, CancellationToken cancellationToken)
    {
        if (_generatedPass is null)
        {
            _generatedPass = new GeneratedPass(tree, _database!, _runner, _progress, _diagnostics);
            await _generatedPass.LoadAsync(jobs, cancellationToken).ConfigureAwait(false);
        }

        return _generatedPass;
    }
}

using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Target;

namespace LivePatch.Pipeline.Sources;

/// <summary>The kernel's own source, of which a tree is kept in the cache.</summary>
internal sealed class KernelSource(BuildRun run) : ISourceUnderPatch
{
    /// <inheritdoc/>
    public TargetKernelOptions Target => run.Options.Target();

    /// <inheritdoc/>
    public AdditionalModules Additional => AdditionalModules.None;

    /// <inheritdoc/>
    public async Task<ISourceTree> PrepareAsync(
        TargetKernel target, CacheDirectory cache, string temporary, CancellationToken cancellationToken)
    {
        var preparer = new WorkTreePreparer(run.Runner, run.Progress);
        return new KernelTree(run, await preparer.PrepareAsync(WorkTreeInputs.For(target), cache, cancellationToken).ConfigureAwait(false));
    }
}

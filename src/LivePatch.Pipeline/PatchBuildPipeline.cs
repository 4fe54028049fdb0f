using LivePatch.Core.Processes;
using LivePatch.Core.Progress;

namespace LivePatch.Pipeline;

/// <summary>The passes of a build, in their order.</summary>
public sealed partial class PatchBuildPipeline(IProcessRunner runner, IBuildProgress progress)
{
    private readonly IProcessRunner _runner = runner;
    private readonly IBuildProgress _progress = progress;

    /// <summary>Builds a livepatch module. User mistakes come back as diagnostics in the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing half-written is left.</exception>
    public Task<PatchBuildResult> RunAsync(PatchBuildOptions options, CancellationToken cancellationToken) =>
        RunPassesAsync(options, cancellationToken);
}

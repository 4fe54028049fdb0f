namespace LivePatch.Build.Pipeline;

/// <summary>Placeholder until the passes are written.</summary>
public sealed partial class PatchBuildPipeline
{
    private Task<PatchBuildResult> RunPassesAsync(PatchBuildOptions options, CancellationToken cancellationToken)
    {
        _progress.Stage(_runner.ToString() + options.Name + cancellationToken);
        throw new NotSupportedException();
    }
}

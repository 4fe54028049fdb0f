using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Pipeline;

namespace LivePatch.Cli.Commands;

/// <summary>The boundary at which a defect of the tool becomes a message; the trace goes to the log.</summary>
internal static class InternalErrors
{
    public static async Task<PatchBuildResult> GuardAsync(Func<Task<PatchBuildResult>> work, BuildLog log)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (DiagnosticException failure)
        {
            return new PatchBuildResult(PatchBuildOutcome.Failed, failure.Diagnostics);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.Failure(failure);
            return new PatchBuildResult(PatchBuildOutcome.Failed, [CliDiagnostics.SystemRefuses.Anywhere(failure.Message)]);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.Failure(failure);
            return new PatchBuildResult(
                PatchBuildOutcome.Failed, [CoreDiagnostics.Internal.Anywhere($"{failure.GetType().Name}: {failure.Message}")]);
        }
    }
}

namespace LivePatch.Core.Processes;

/// <summary>The seam to other programs; tests put a fake here.</summary>
public interface IProcessRunner
{
    /// <summary>
    /// Runs a program to its end, draining both its outputs while it runs. On cancellation the whole
    /// process tree is ended first.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Diagnostics.DiagnosticException">The program cannot be started (LP0003).</exception>
    Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken);
}

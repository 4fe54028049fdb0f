using System.ComponentModel;
using System.Diagnostics;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.Processes;

/// <summary>Runs real programs; see <see cref="ChildSupervisor"/> for how they end.</summary>
public sealed class ProcessRunner : IProcessRunner
{
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(request.Program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = request.WorkingDirectory ?? string.Empty,
        };
        foreach (var argument in request.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in request.Environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = new Process { StartInfo = start };
        try
        {
            ChildSupervisor.Start(process);
        }
        catch (Win32Exception problem)
        {
            throw new DiagnosticException(CoreDiagnostics.ToolMissing.Anywhere(
                $"'{request.Program}' cannot be started: {problem.Message}"));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Timeout is { } timeout)
        {
            limit.CancelAfter(timeout);
        }

        // Both pipes are read and input is written at the same time from the start: a program that fills one pipe
        // while we wait on another would never end.
        var output = new OutputDrain(process.StandardOutput, request.OnLine);
        var error = new OutputDrain(process.StandardError, request.OnLine);
        var feed = FeedAsync(process, request.StandardInput);
        var drained = Task.WhenAll(output.Completion, error.Completion, feed);
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            await WaitForPipesAsync(drained, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ChildSupervisor.End(process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await WaitForPipesAsync(drained, CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            timedOut = true;
        }

        return new ProcessResult(process.ExitCode, output.Text, error.Text, timedOut, clock.Elapsed);
    }

    /// <summary>
    /// What a program wrote before it ended is still in the pipes. A process it left in the background may hold them
    /// open for ever, so the wait for their end is limited.
    /// </summary>
    private static async Task WaitForPipesAsync(Task drained, CancellationToken cancellationToken)
    {
        try
        {
            await drained.WaitAsync(PipeGrace, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller gets what has been read.
        }
    }

    private static async Task FeedAsync(Process process, string? text)
    {
        try
        {
            if (text is not null)
            {
                await process.StandardInput.WriteAsync(text).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // The program ended without reading its input; its exit code tells the story.
        }
    }
}

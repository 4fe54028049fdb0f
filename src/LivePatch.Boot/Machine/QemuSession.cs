using System.Diagnostics;
using LivePatch.Boot.Guest;
using LivePatch.Core.Processes;

namespace LivePatch.Boot.Machine;

/// <summary>One run of QEMU: watches the guest's report as it arrives and ends a guest that has stopped talking.</summary>
internal sealed class QemuSession(IProcessRunner runner, TimeSpan stageLimit, IProgress<string>? progress)
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<BootStage> _stages = [new("boot", TimeSpan.Zero)];
    private readonly Stopwatch _clock = new();
    private CancellationTokenSource? _limit;

    /// <summary>Runs the machine to its end.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="Core.Diagnostics.DiagnosticException">QEMU cannot be started (LP0003).</exception>
    public async Task<QemuOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(stageLimit);
        _limit = limit;
        _clock.Start();
        progress?.Report("boot");
        ProcessResult? result = null;
        try
        {
            result = await runner.RunAsync(request with { OnLine = Receive }, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The stage's limit; the runner has ended QEMU.
        }

        lock (_gate)
        {
            _limit = null;
            return new QemuOutcome(
                [.. _lines], [.. _stages], result?.ExitCode, TimedOut: result is null or { TimedOut: true }, _clock.Elapsed);
        }
    }

    private void Receive(string line)
    {
        string? stage;
        lock (_gate)
        {
            _lines.Add(line);
            stage = GuestReport.StageOf(line);
            if (stage is not null)
            {
                _stages.Add(new BootStage(stage, _clock.Elapsed));
                _limit?.CancelAfter(stageLimit);
            }
        }

        if (stage is not null)
        {
            progress?.Report(stage);
        }
    }
}

using LivePatch.Core.Processes;

namespace LivePatch.Boot.Tests;

/// <summary>Stands for QEMU: gives lines, or waits for ever.</summary>
internal sealed class FakeQemu(string[] lines, bool hangs = false) : IProcessRunner
{
    public ProcessRequest? Request { get; private set; }

    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        Request = request;
        foreach (var line in lines)
        {
            request.OnLine!(line);
        }

        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return new ProcessResult(0, string.Join('\n', lines), string.Empty, TimedOut: false, TimeSpan.Zero);
    }
}

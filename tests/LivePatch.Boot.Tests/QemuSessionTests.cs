using LivePatch.Boot.Machine;
using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.Boot.Tests;

public class QemuSessionTests
{
    private static readonly ProcessRequest Command = new("qemu", []);

    [Fact]
    public async Task a_guest_that_stops_talking_is_ended_and_its_last_stage_known()
    {
        var session = new QemuSession(new FakeQemu(["@ stage init", "@ stage load"], hangs: true), TimeSpan.FromMilliseconds(50), null);
        var outcome = await session.RunAsync(Command, TestContext.Current.CancellationToken);
        Assert.True(outcome.TimedOut);
        Assert.Null(outcome.ExitCode);
        Assert.Equal("load", outcome.Stages[^1].Name);
    }

    [Fact]
    public async Task the_callers_cancellation_is_not_a_time_out()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var session = new QemuSession(new FakeQemu([], hangs: true), TimeSpan.FromMinutes(5), null);
        var run = session.RunAsync(Command, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task stages_are_announced_in_order()
    {
        var seen = new List<string>();
        var session = new QemuSession(
            new FakeQemu(["@ stage init", "| @ stage not-this", "@ done"]), TimeSpan.FromMinutes(5), new Recorder(seen));
        var outcome = await session.RunAsync(Command, TestContext.Current.CancellationToken);
        Assert.Equal(["boot", "init"], seen);
        Assert.False(outcome.TimedOut);
        Assert.Equal(3, outcome.Lines.Count);
    }

    private sealed class Recorder(List<string> seen) : IProgress<string>
    {
        public void Report(string value) => seen.Add(value);
    }
}

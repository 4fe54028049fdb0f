using LivePatch.Boot.Guest;
using LivePatch.Boot.Machine;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Boot.Tests;

/// <summary>Verdicts on runs in which patched modules come twice, and on several rounds in one boot.</summary>
public class ReloadVerdictTests
{
    private static readonly string[] AllOrders =
    [
        "@ stage init", "@ taint start 0",
        "@ taint before-load 0", "@ stage load", "@ stage sysfs", "@ sysfs zram/show,1", "@ taint after-check 45056", "@ stage disable",
        "@ taint before-load 45056", "@ stage load", "@ stage target", "@ stage sysfs", "@ sysfs zram/show,1",
        "@ check after/after 0", "@ stage unload-target", "@ stage reload", "@ check after/reloaded 0", "@ taint after-check 45056",
        "@ stage disable", "@ check after/restored 0",
        "@ stage target", "@ check before/before 0", "@ taint before-load 45056", "@ stage load", "@ stage sysfs", "@ sysfs zram/show,1",
        "@ check before/after 0", "@ stage unload-target", "@ stage reload", "@ check before/reloaded 0", "@ taint after-check 45056",
        "@ stage disable", "@ check before/restored 0", "@ taint end 45056", "@ stage done", "@ done",
    ];

    [Fact]
    public void all_orders_may_pass() => Assert.Empty(Judge(AllOrders));

    [Theory]
    [InlineData("@ check after/after 0", "LP0815")]
    [InlineData("@ check after/reloaded 0", "LP0825")]
    [InlineData("@ check after/restored 0", "LP0817")]
    [InlineData("@ check before/before 0", "LP0811")]
    [InlineData("@ check before/after 0", "LP0815")]
    [InlineData("@ check before/reloaded 0", "LP0825")]
    [InlineData("@ check before/restored 0", "LP0817")]
    public void each_check_of_each_round_counts(string line, string id)
    {
        var failed = Judge([.. AllOrders.Select(item => item == line ? line[..^1] + "1" : item)]);
        Assert.Equal(id, Assert.Single(failed).Id);
        Assert.Equal(id, Assert.Single(Judge([.. AllOrders.Where(item => item != line)])).Id);
    }

    [Fact]
    public void a_taint_of_the_first_round_is_not_hidden_by_the_second()
    {
        var lines =
            AllOrders.Select(
                static line =>
                    line.Replace("before-load 45056", "before-load 45568", StringComparison.Ordinal)
                        .Replace("end 45056", "end 45568", StringComparison.Ordinal));
        Assert.Equal("LP0819", Assert.Single(Judge([.. lines])).Id);
    }

    [Fact]
    public void a_complaint_before_the_second_rounds_load_is_the_livepatchs() =>
        Assert.Equal("LP0818", Assert.Single(Judge(AllOrders, """
            [    2.0] klp-build: stage init
            [    2.1] klp-build: stage target
            [    2.2] WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2
            [    3.0] klp-build: stage done
            """)).Id);

    [Theory]
    [InlineData("unload-target zram", "LP0823")]
    [InlineData("reload zram", "LP0824")]
    [InlineData("patched zram", "LP0814")]
    [InlineData("extra zsmalloc", "LP0821")]
    public void a_step_that_fails_is_named(string what, string id)
    {
        var diagnostic = Assert.Single(Judge(["@ stage init", "| the reason", $"@ fail {what}", "@ done"]));
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(what.Split(' ')[1], diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void with_one_round_the_check_after_reloading_must_have_run()
    {
        string[] lines = [
            "@ stage init", "@ skipped before", "@ stage load", "@ stage sysfs", "@ sysfs zram/show,1", "@ check after 0",
            "@ stage disable", "@ check restored 0", "@ done"];
        Assert.Equal(["LP0825", "LP0822"], Judge(lines, order: TargetLoadOrder.Reload).Select(static item => item.Id));
    }

    private static IReadOnlyList<Diagnostic> Judge(
        string[] lines, string log = "[    2.0] klp-build: stage init", TargetLoadOrder order = TargetLoadOrder.All)
    {
        var request = new BootVerifyRequest
        {
            ModulePath = "x.ko",
            KernelRelease = "6.1.0-56-amd64",
            KernelImage = "vmlinuz",
            ModulesDirectory = "modules",
            LogPath = "x.log",
            ExpectedFunctions = [new ExpectedFunction("zram", "show")],
            BeforeScript = "before.sh",
            AfterScript = "after.sh",
            LoadOrder = order,
        };
        var stages =
            lines.Select(GuestReport.StageOf)
                .OfType<string>()
                .Select(static name => new BootStage(name, TimeSpan.FromSeconds(1)))
                .Prepend(new BootStage("boot", TimeSpan.Zero))
                .ToList();
        return VerdictBuilder.Judge(
            request, GuestReport.Parse(lines), new QemuOutcome(lines, stages, 0, false, TimeSpan.FromSeconds(9)), log);
    }
}

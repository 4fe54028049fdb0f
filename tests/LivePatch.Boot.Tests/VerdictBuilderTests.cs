using LivePatch.Boot.Guest;
using LivePatch.Boot.Machine;
using LivePatch.Boot.Modules;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Boot.Tests;

public class VerdictBuilderTests
{
    private static readonly string[] GoodReport =
    [
        "@ stage init", "@ taint start 0", "@ stage check-before", "| old", "@ check before 0", "@ taint before-load 0",
        "@ stage load", "@ stage transition", "@ stage sysfs", "@ sysfs vmlinux/meminfo_proc_show,1",
        "@ stage check-after", "| new", "@ check after 0", "@ taint after-check 45056", "@ stage disable",
        "@ stage unload", "@ stage check-restored", "| old", "@ check restored 0", "@ taint end 45056", "@ stage done", "@ done",
    ];

    private const string GoodLog = """
        [    0.0] Linux version 6.1.0-56-amd64
        [    2.0] klp-build: stage init
        [    2.1] klp-build: stage load
        [    2.2] livepatch: enabling patch 'livepatch_x'
        [    3.0] klp-build: stage done
        [    3.1] reboot: Power down
        """;

    [Fact]
    public void a_good_run_has_nothing_to_report() => Assert.Empty(Judge(GoodReport, GoodLog));

    [Fact]
    public void a_warning_after_loading_fails_and_one_before_does_not()
    {
        var after =
            Assert.Single(
                Judge(
                    GoodReport,
                    GoodLog.Replace(
                        "[    2.2]", "[    2.2] WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\n[    2.2]", StringComparison.Ordinal)));
        Assert.Equal("LP0818", after.Id);
        Assert.Equal(4, after.Location.Line);
        var before = Assert.Single(Judge(GoodReport, "[    0.1] WARNING: CPU: 0 PID: 0 at x.c:1 f+0x1/0x2\n" + GoodLog));
        Assert.Equal("LP0820", before.Id);
        Assert.False(before.IsFatal);
    }

    [Fact]
    public void a_taint_beyond_a_livepatchs_own_is_reported_by_name()
    {
        var diagnostic = Assert.Single(Judge(Replace("@ taint end 45056", "@ taint end 45568"), GoodLog));
        Assert.Equal("LP0819", diagnostic.Id);
        Assert.Contains("W (warning)", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_taint_that_was_there_before_is_allowed()
    {
        var lines =
            Replace("@ taint before-load 0", "@ taint before-load 512")
                .Select(static line => line.Replace("45056", "45568", StringComparison.Ordinal));
        Assert.Empty(Judge([.. lines], GoodLog));
    }

    [Fact]
    public void a_target_loaded_later_may_be_a_staging_driver_but_not_forced()
    {
        string[] target = ["@ stage target", "@ taint before-target 45056", "@ taint after-target 46080", "@ stage sysfs"];
        Assert.Empty(Judge(Replace("@ stage sysfs", target, ("@ taint end 45056", "@ taint end 46080")), GoodLog));
        target[2] = "@ taint after-target 45058";
        Assert.Equal(
            "LP0819", Assert.Single(Judge(Replace("@ stage sysfs", target, ("@ taint end 45056", "@ taint end 45058")), GoodLog)).Id);
    }

    [Theory]
    [InlineData("@ check before 0", "@ check before 1", "LP0811", "old")]
    [InlineData("@ check after 0", "@ check after 2", "LP0815", "new")]
    [InlineData("@ check restored 0", "@ check restored 1", "LP0817", "old")]
    [InlineData("@ check after 0", "@ check after 143", "LP0815", "was ended after 60 s")]
    public void a_failed_check_shows_what_it_printed(string old, string replacement, string id, string text)
    {
        var diagnostic = Assert.Single(Judge(Replace(old, replacement), GoodLog));
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(text, diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_check_that_left_no_result_does_not_pass() =>
        Assert.Equal("LP0815", Assert.Single(Judge([.. GoodReport.Where(static line => line != "@ check after 0")], GoodLog)).Id);

    [Fact]
    public void a_skipped_check_is_a_note()
    {
        var diagnostic = Assert.Single(Judge(Replace("@ check before 0", "@ skipped before"), GoodLog));
        Assert.Equal("LP0822", diagnostic.Id);
        Assert.False(diagnostic.IsFatal);
    }

    [Fact]
    public void a_missing_and_a_surplus_function_are_both_named()
    {
        var diagnostics = Judge(Replace("@ sysfs vmlinux/meminfo_proc_show,1", "@ sysfs vmlinux/other,1"), GoodLog);
        Assert.Equal(["LP0814", "LP0814"], diagnostics.Select(static item => item.Id));
        Assert.Contains("vmlinux/meminfo_proc_show,1", diagnostics[0].Text, StringComparison.Ordinal);
        Assert.Contains("vmlinux/other,1", diagnostics[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_patch_without_any_function_is_reported_even_when_none_is_expected() =>
        Assert.Equal("LP0814", Assert.Single(Judge(
            [
                .. GoodReport.Where(
                    static line =>
                        !line.StartsWith("@ sysfs", StringComparison.Ordinal))], GoodLog, Request with { ExpectedFunctions = null })).Id);

    [Theory]
    [InlineData("load", "LP0812")]
    [InlineData("enabled 0", "LP0812")]
    [InlineData("transition", "LP0813")]
    [InlineData("transition-back", "LP0813")]
    [InlineData("disable", "LP0816")]
    [InlineData("unload", "LP0816")]
    [InlineData("unload still-there", "LP0816")]
    [InlineData("target ext4", "LP0821")]
    public void a_failed_step_is_reported_with_its_output(string what, string id)
    {
        var diagnostic = Assert.Single(Judge(["@ stage init", "| the reason", $"@ fail {what}", "@ done"], GoodLog));
        Assert.Equal(id, diagnostic.Id);
        if (!what.StartsWith("enabled", StringComparison.Ordinal))
        {
            Assert.Contains("the reason", diagnostic.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("No such device", "--order never")]
    [InlineData("Invalid argument", "kernel log")]
    public void a_driver_without_its_hardware_is_told_from_one_the_kernel_refuses(string reason, string remedy)
    {
        var output = $"| insmod: can't insert '/modules/xen_netback.ko': {reason}";
        Assert.Contains(
            remedy,
            Assert.Single(Judge(["@ stage init", output, "@ fail target xen_netback", "@ done"], GoodLog)).Remedy,
            StringComparison.Ordinal);
    }

    [Fact]
    public void a_panic_is_reported_once_with_the_end_of_the_log()
    {
        var diagnostic = Assert.Single(Judge(["@ stage init"], GoodLog + "\n[    9.0] Kernel panic - not syncing: Fatal exception"));
        Assert.Equal("LP0809", diagnostic.Id);
        Assert.Contains("Power down", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_time_out_names_the_stage_and_shows_the_end_of_the_log()
    {
        var diagnostic = Assert.Single(Judge(["@ stage init", "@ stage check-after"], GoodLog, timedOut: true));
        Assert.Equal("LP0808", diagnostic.Id);
        Assert.Contains("'check-after'", diagnostic.Text, StringComparison.Ordinal);
        Assert.Contains("Power down", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_guest_that_ends_early_and_a_qemu_that_never_starts_one_differ()
    {
        Assert.Equal("LP0810", Assert.Single(Judge(["@ stage init"], GoodLog)).Id);
        Assert.Equal("LP0810", Assert.Single(Judge([], GoodLog)).Id);
        var failed = Assert.Single(Judge(["qemu-system-x86_64: cannot set up guest memory"], string.Empty));
        Assert.Equal("LP0807", failed.Id);
        Assert.Contains("cannot set up guest memory", failed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_request_of_the_kernel_that_one_of_its_modules_would_answer_is_told()
    {
        var log = GoodLog
            + "\n[    2.3] klp-build: modprobe snd_pcm: none\n[    2.4] klp-build: modprobe never_heard: none\n[    2.5] klp-build: "
            + "modprobe fs_xfs: xfs";
        var modules = ModuleDependencies.Parse("kernel/sound/snd-pcm.ko:\nkernel/fs/xfs.ko:", string.Empty);
        var diagnostic =
            Assert.Single(
                VerdictBuilder.Judge(
                    Request,
                    GuestReport.Parse(GoodReport),
                    new QemuOutcome(GoodReport, [new BootStage("done", TimeSpan.Zero)], 0, false, TimeSpan.Zero),
                    log,
                    modules));
        Assert.Equal("LP0826", diagnostic.Id);
        Assert.False(diagnostic.IsFatal);
        Assert.Contains("'snd_pcm', which is snd_pcm", diagnostic.Text, StringComparison.Ordinal);
    }

    private static BootVerifyRequest Request { get; } = new()
    {
        ModulePath = "x.ko",
        KernelRelease = "6.1.0-56-amd64",
        KernelImage = "vmlinuz",
        ModulesDirectory = "modules",
        LogPath = "x.log",
        ExpectedFunctions = [new ExpectedFunction("vmlinux", "meminfo_proc_show")],
        BeforeScript = "before.sh",
        AfterScript = "after.sh",
    };

    private static IReadOnlyList<Diagnostic> Judge(
        string[] lines, string log, BootVerifyRequest? request = null, bool timedOut = false)
    {
        var stages = new List<BootStage> { new("boot", TimeSpan.Zero) };
        stages.AddRange(
            lines.Select(GuestReport.StageOf).OfType<string>().Select(static name => new BootStage(name, TimeSpan.FromSeconds(1))));
        return VerdictBuilder.Judge(
            request
                ?? Request, GuestReport.Parse(lines), new QemuOutcome(
                    lines, stages, timedOut ? null : 0, timedOut, TimeSpan.FromSeconds(9)), log);
    }

    private static string[] Replace(string old, string replacement) => Replace(old, [replacement]);

    private static string[] Replace(string old, string[] replacement, params (string Old, string New)[] more) =>
        [.. GoodReport.SelectMany(line => line == old ? replacement : [line])
            .Select(line => more.Aggregate(line, static (text, pair) => text == pair.Old ? pair.New : text))];
}

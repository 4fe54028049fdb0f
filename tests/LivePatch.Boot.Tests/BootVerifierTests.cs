using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.Boot.Tests;

/// <summary>Boots the installed kernel. Each module is a hand-made one of the folder Modules.</summary>
public class BootVerifierTests(BootFixture fixture) : IClassFixture<BootFixture>
{
    private const string ExpectOriginal = "grep . /proc/cmdline; grep -q console=ttyS0 /proc/cmdline\n";
    private const string ExpectPatched = "grep . /proc/cmdline; grep -q 'this has been live patched' /proc/cmdline\n";

    [Fact]
    public async Task a_good_module_passes_and_both_lines_are_shown()
    {
        var request = Booting("good") with
        {
            ExpectedFunctions = [new ExpectedFunction("vmlinux", "cmdline_proc_show")],
            BeforeScript = fixture.Script("before", ExpectOriginal),
            AfterScript = fixture.Script("after", ExpectPatched),
        };
        var result = await VerifyAsync(request);
        Assert.True(result.Passed, Text(result));
        Assert.Contains("console=ttyS0", result.Before!.Output, StringComparison.Ordinal);
        Assert.Equal("this has been live patched\n", result.After!.Output);
        Assert.Equal(result.Before.Output, result.Restored!.Output);
        Assert.Equal(
            ["boot", "init", "check-before", "load", "transition", "sysfs", "check-after", "disable", "unload", "check-restored", "done"],
            result.Stages.Select(static stage => stage.Name));
        var log = await File.ReadAllTextAsync(result.LogPath!, TestContext.Current.CancellationToken);
        Assert.Contains("livepatch: enabling patch 'livepatch_test_good'", log, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join('\n', result.Stages.Select(static stage => $"{stage.Start.TotalSeconds,6:F1} s {stage.Name}"))
                + $"\n{result.Elapsed.TotalSeconds,6:F1} s end");
    }

    [Fact]
    public async Task a_module_that_warns_on_load_fails_by_log_and_by_taint()
    {
        var result = await VerifyAsync(Booting("warns"));
        Assert.False(result.Passed);
        var complaint = result.Diagnostics.First(static item => item.Id == "LP0818");
        Assert.Contains("WARNING: CPU", complaint.Text, StringComparison.Ordinal);
        Assert.Contains("'load'", complaint.Text, StringComparison.Ordinal);
        Assert.Contains("W (warning)", result.Diagnostics.Single(static item => item.Id == "LP0819").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task failing_checks_are_reported_each_with_its_output()
    {
        var result = await VerifyAsync(Booting("good") with
        {
            ExpectedFunctions = [new ExpectedFunction("vmlinux", "cmdline_proc_show"), new ExpectedFunction("vmlinux", "absent", 2)],
            BeforeScript = fixture.Script("before", "echo on-the-old-kernel; exit 7\n"),
            AfterScript = fixture.Script("after", ExpectOriginal),
        });
        Assert.Equal(["LP0811", "LP0814", "LP0815", "LP0817"], result.Diagnostics.Select(static item => item.Id).Order());
        Assert.Contains("on-the-old-kernel", result.Diagnostics.Single(static item => item.Id == "LP0811").Text, StringComparison.Ordinal);
        Assert.Contains("vmlinux/absent,2", result.Diagnostics.Single(static item => item.Id == "LP0814").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_check_that_hangs_is_ended_and_the_module_still_unloaded()
    {
        var result = await VerifyAsync(Booting("good") with
        {
            AfterScript = fixture.Script("after", "echo waiting; sleep 1000\n"),
            CheckTimeout = TimeSpan.FromSeconds(1),
        });
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0815", diagnostic.Id);
        Assert.Contains("was ended after 1 s", diagnostic.Text, StringComparison.Ordinal);
        Assert.Contains("waiting", diagnostic.Text, StringComparison.Ordinal);
        Assert.Equal("done", result.Stages[^1].Name);
    }

    [Fact]
    public async Task a_stalled_transition_names_the_task_that_holds_it_up()
    {
        var result = await VerifyAsync(Booting("stalls") with { TransitionTimeout = TimeSpan.FromSeconds(2) });
        var diagnostic = result.Diagnostics.Single(static item => item.Id == "LP0813");
        Assert.Contains("(kcompactd0), patch_state 0", diagnostic.Text, StringComparison.Ordinal);
        Assert.Contains("kcompactd+0x", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_guest_without_end_is_ended_and_the_stage_named()
    {
        var result = await VerifyAsync(Booting("good") with
        {
            BeforeScript = fixture.Script("before", "sleep 1000\n"),
            OverallTimeout = TimeSpan.FromSeconds(25),
        });
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0808", diagnostic.Id);
        Assert.Contains("'check-before'", diagnostic.Text, StringComparison.Ordinal);
        Assert.Contains("Run /init as init process", diagnostic.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TargetLoadOrder.Before)]
    [InlineData(TargetLoadOrder.After)]
    [InlineData(TargetLoadOrder.Never)]
    public async Task a_patched_module_may_come_before_after_or_never(TargetLoadOrder order)
    {
        var request = Booting("two_objects") with
        {
            LoadOrder = order,
            BeforeScript = fixture.Script("before", "[ -d /sys/module/ext4 ] && ! grep -q patched /proc/cmdline\n"),
            AfterScript = fixture.Script("after", "[ -d /sys/module/jbd2 ] && grep patched /proc/cmdline\n"),
        };
        var result = await VerifyAsync(request);
        Assert.True(result.Passed, Text(result));
        var skipped = result.Diagnostics.Count(static item => item.Id == "LP0822");
        Assert.Equal(order switch { TargetLoadOrder.Before => 0, TargetLoadOrder.After => 1, _ => 3 }, skipped);
        Assert.Equal(order != TargetLoadOrder.Never, result.After is { Passed: true });
        Assert.Equal(order == TargetLoadOrder.Before, result.Before is not null);
        var names = result.Stages.Select(static stage => stage.Name).ToList();
        Assert.Equal(order != TargetLoadOrder.Never, names.Contains("target"));
        var log = await File.ReadAllTextAsync(result.LogPath!, TestContext.Current.CancellationToken);
        foreach (var entry in new[] { "vmlinux/cmdline_proc_show,1", "jbd2/jbd2_journal_destroy,1", "ext4/ext4_init_acl,1" })
        {
            Assert.Contains($"@ sysfs {entry}\n", log, StringComparison.Ordinal);
        }

        Assert.Equal(order == TargetLoadOrder.After, names.IndexOf("target") > names.IndexOf("load"));
    }

    [Fact]
    public async Task extra_files_and_extra_modules_reach_the_guest()
    {
        var file = fixture.Script("data", "payload\n");
        var result = await VerifyAsync(Booting("good") with
        {
            ExtraFiles = [new ExtraFile(file, "/srv/data.txt")],
            ExtraModules = ["crc32c_generic", Path.Combine($"/lib/modules/{fixture.Release}", "kernel/drivers/block/loop.ko")],
            AfterScript = fixture.Script("after", "cat /srv/data.txt; lsmod | grep ^loop; ls -d /sys/module/crc32c_generic\n"),
        });
        Assert.True(result.Passed, Text(result));
        Assert.StartsWith("payload\nloop ", result.After!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_kernel_gets_the_modules_it_asks_for_and_so_does_a_script()
    {
        // Mounting asks for the file system (fs-ext4), the socket for its protocol; nothing of it was given.
        var result = await VerifyAsync(Booting("good") with
        {
            AfterScript = fixture.Script(
                "after",
                """
                modprobe brd && modprobe dm-crypt && /sbin/modprobe -a -q xt_tcpudp nft_compat || exit 1
                mke2fs -F /dev/ram0 >/dev/null && mount -t ext4 /dev/ram0 /mnt && umount /mnt || exit 2
                modprobe no-such-module 2>/dev/null && exit 3
                for module in ext4 crc32c_generic nf_tables xfs btrfs; do
                    [ $module != xfs ] || modprobe xfs || exit 4
                    [ $module != btrfs ] || modprobe btrfs || exit 5
                    [ "$(cat /sys/module/$module/initstate)" = live ] || exit 6
                done
                """),
        });
        Assert.True(result.Passed, Text(result));
        var log = await File.ReadAllTextAsync(result.LogPath!, TestContext.Current.CancellationToken);
        Assert.Contains("klp-build: modprobe fs_ext4: ext4", log, StringComparison.Ordinal);
        Assert.Contains("-accel tcg,thread=single", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_missing_qemu_is_named_with_the_command_that_installs_it()
    {
        var result = await VerifyAsync(Booting("good") with { QemuProgram = "/nonexistent/qemu-system-x86_64" });
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0801", diagnostic.Id);
        Assert.Contains("apt-get install qemu-system-x86", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task another_kernels_module_is_refused_without_booting()
    {
        var qemu = new FakeQemu([]);
        var result = await BootVerifier.VerifyAsync(
            Booting("good") with { KernelRelease = "5.10.0-1-amd64" }, qemu, null, TestContext.Current.CancellationToken);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0804", diagnostic.Id);
        Assert.Contains(fixture.Release, diagnostic.Text, StringComparison.Ordinal);
        Assert.Null(qemu.Request);
    }

    [Fact]
    public async Task every_missing_input_is_reported_at_once()
    {
        var result = await VerifyAsync(Booting("good") with
        {
            KernelImage = "/nonexistent/vmlinuz",
            BusyboxPath = "/nonexistent/busybox",
            BeforeScript = "/nonexistent/before.sh",
            ExtraModules = ["no_such_module"],
        });
        Assert.Equal(["LP0001", "LP0802", "LP0805", "LP0806"], result.Diagnostics.Select(static item => item.Id).Order());
    }

    [Fact]
    public async Task a_dynamically_linked_busybox_is_refused()
    {
        var result = await VerifyAsync(Booting("good") with { BusyboxPath = "/bin/sh" });
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0802", diagnostic.Id);
        Assert.Contains("not a statically linked", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_module_that_is_no_livepatch_is_refused()
    {
        var result = await VerifyAsync(Booting("good") with
        {
            ModulePath = Path.Combine($"/lib/modules/{fixture.Release}", "kernel/drivers/block/loop.ko"),
        });
        Assert.Equal("LP0803", Assert.Single(result.Diagnostics).Id);
    }

    private static string Text(BootVerifyResult result) => string.Join('\n', result.Diagnostics);

    private static Task<BootVerifyResult> VerifyAsync(BootVerifyRequest request) =>
        BootVerifier.VerifyAsync(request, new ProcessRunner(), null, TestContext.Current.CancellationToken);

    private BootVerifyRequest Booting(string module)
    {
        if (fixture.Missing is { } reason)
        {
            Assert.Skip(reason);
        }

        return fixture.Request(module);
    }
}

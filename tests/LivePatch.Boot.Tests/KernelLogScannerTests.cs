using LivePatch.Boot.Log;
using Xunit;

namespace LivePatch.Boot.Tests;

/// <summary>Snippets as real kernels print them (6.1 unless said otherwise).</summary>
public class KernelLogScannerTests
{
    private const string Warn = """
        [    3.101000] klp-build: stage load
        [    3.120001] livepatch_warn: loading out-of-tree module taints kernel.
        [    3.125000] ------------[ cut here ]------------
        [    3.125100] WARNING: CPU: 0 PID: 130 at /build/x/warn.c:12 warn_init+0x5/0x1000 [livepatch_warn]
        [    3.125200] Modules linked in: livepatch_warn(OEK+)
        [    3.125300] CPU: 0 PID: 130 Comm: insmod Tainted: G           OE K    6.1.0-56-amd64 #1  Debian 6.1.192-2
        [    3.125500] RIP: 0010:warn_init+0x5/0x1000 [livepatch_warn]
        [    3.125600] Code: Unable to access opcode bytes at 0xffffffffc0283fdb.
        [    3.126000] Call Trace:
        [    3.126100]  <TASK>
        [    3.126200]  do_one_initcall+0x56/0x220
        [    3.127000] ---[ end trace 0000000000000000 ]---
        """;

    [Fact]
    public void a_warning_is_one_finding_with_its_place_and_stage()
    {
        var finding = Assert.Single(KernelLogScanner.Scan(Warn));
        Assert.Equal(KernelLogFindingKind.Warning, finding.Kind);
        Assert.Equal(4, finding.Line);
        Assert.Equal("load", finding.Stage);
        Assert.Equal("warn_init+0x5/0x1000 [livepatch_warn]", finding.Where);
    }

    [Theory]
    [InlineData("[    5.0] BUG: kernel NULL pointer dereference, address: 0000000000000000", "Bug")]
    [InlineData("[    5.0] BUG: unable to handle page fault for address: ffffffffc0000000", "Bug")]
    [InlineData("[    5.0] kernel BUG at mm/slub.c:379!", "Bug")]
    [InlineData("[   30.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [sh:1]", "Bug")]
    [InlineData("[    5.0][  T130] BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580", "Bug")]
    [InlineData("[    5.0][    C1] WARNING: possible circular locking dependency detected", "Warning")]
    [InlineData("[    5.0] Oops: 0002 [#1] PREEMPT SMP PTI", "Oops")]
    [InlineData("[    5.0] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI", "Oops")]
    [InlineData("[    5.0] general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP", "Oops")]
    [InlineData("[    5.0] traps: sh[77] general protection fault ip:401000 sp:7ffc error:0", "Oops")]
    [InlineData("[    5.0] traps: PANIC: double fault, error_code: 0x0", "Oops")]
    [InlineData("[    5.0] UBSAN: array-index-out-of-bounds in fs/x.c:3:1", "Bug")]
    [InlineData("[   26.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "Stall")]
    [InlineData("[  130.0] INFO: task sh:1 blocked for more than 120 seconds.", "Stall")]
    [InlineData("[    5.0] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100", "Panic")]
    [InlineData("[    5.0] Call Trace:", "Trace")]
    [InlineData("[    5.0] livepatch: failed to enable patch 'livepatch_x'", "Refusal")]
    [InlineData("[    5.0] livepatch: symbol 'foo' not found in symbol table", "Refusal")]
    [InlineData("[    5.0] livepatch: unresolvable ambiguity for symbol 'foo' in object 'vmlinux'", "Refusal")]
    [InlineData("[    5.0] livepatch_x: Unknown symbol si_swapinfo (err -2)", "Refusal")]
    [InlineData("[    5.0] module: x86/modules: Skipping invalid relocation target, existing value is nonzero for type 2", "Refusal")]
    [InlineData("BUG: with no time stamp at all", "Bug")]
    public void a_bad_line_is_found(string line, string kind)
    {
        var finding = Assert.Single(KernelLogScanner.Scan(line + "\r\n"));
        Assert.Equal(kind, finding.Kind.ToString());
        Assert.Equal("boot", finding.Stage);
    }

    [Theory]
    [InlineData("[    0.7] mtrr: your CPUs had inconsistent fixed MTRR settings")]
    [InlineData("[    0.1] Spectre V2 : WARNING: Unprivileged eBPF is enabled, data leaks possible via Spectre v2 BHB attacks!")]
    [InlineData("[    3.1] livepatch_x: tainting kernel with TAINT_LIVEPATCH")]
    [InlineData("[    3.1] livepatch_x: module verification failed: signature and/or required key missing - tainting kernel")]
    [InlineData("[    3.1] livepatch: enabling patch 'livepatch_fail'")]
    [InlineData("[    3.1] livepatch: 'livepatch_x': starting patching transition")]
    [InlineData("[    3.1] livepatch: signaling remaining tasks")]
    [InlineData("[    0.3] ACPI: BIOS BUG: something firmware says")]
    [InlineData("[    0.3] RIP: 0010:foo+0x1/0x2")]
    [InlineData("")]
    public void a_harmless_line_is_not(string line) => Assert.Empty(KernelLogScanner.Scan(line));

    [Fact]
    public void a_trace_far_from_any_complaint_counts_by_itself()
    {
        var log = Warn + string.Concat(Enumerable.Repeat("\n[    4.0] quiet", 80)) + "\n[    9.0] Call Trace:";
        Assert.Equal(
            [KernelLogFindingKind.Warning, KernelLogFindingKind.Trace],
            KernelLogScanner.Scan(log).Select(static finding => finding.Kind));
    }

    [Fact]
    public void the_tail_leaves_out_empty_lines() =>
        Assert.Equal(["b", "c"], KernelLogScanner.Tail("a\r\n\r\nb\r\nc\r\n\r\n", 2));
}

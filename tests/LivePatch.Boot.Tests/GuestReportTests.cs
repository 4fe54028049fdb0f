using LivePatch.Boot.Guest;
using Xunit;

namespace LivePatch.Boot.Tests;

public class GuestReportTests
{
    [Fact]
    public void payload_belongs_to_the_report_line_after_it()
    {
        var report = GuestReport.Parse(
            ["@ stage check-before\r", "| VmallocTotal: 1 kB\r", "| @ done\r", "@ check before 0\r", "| x\r", "@ check after 3\r"]);
        Assert.Equal("VmallocTotal: 1 kB\n@ done\n", report.Checks["before"].Output);
        Assert.True(report.Checks["before"].Passed);
        Assert.Equal(3, report.Checks["after"].ExitCode);
        Assert.Equal("x\n", report.Checks["after"].Output);
        Assert.False(report.IsDone);
    }

    [Fact]
    public void the_first_failure_is_kept_with_its_output()
    {
        var report = GuestReport.Parse(["| insmod: bad", "@ fail load", "@ fail unload still-there", "@ done"]);
        Assert.Equal("load", report.Failure!.What);
        Assert.Equal("insmod: bad\n", report.Failure.Output);
        Assert.True(report.IsDone);
    }

    [Fact]
    public void what_is_not_of_the_protocol_is_kept_apart()
    {
        var report = GuestReport.Parse(["qemu-system-x86_64: warning: x", "@ taint start 4", "@ taint end ?", "@ unknown"]);
        Assert.Equal(["qemu-system-x86_64: warning: x", "@ taint end ?", "@ unknown"], report.OtherLines);
        Assert.Equal(4UL, report.Taints["start"]);
    }

    [Fact]
    public void sysfs_entries_stages_and_skipped_checks_are_listed_in_order()
    {
        var report = GuestReport.Parse(["@ stage init", "@ skipped before", "@ stage sysfs", "@ sysfs vmlinux/f,1", "@ sysfs ext4/g,2"]);
        Assert.Equal(["init", "sysfs"], report.Stages);
        Assert.Equal(["before"], report.Skipped);
        Assert.Equal(["vmlinux/f,1", "ext4/g,2"], report.SysfsEntries);
    }
}

using LivePatch.Boot.Modules;
using Xunit;

namespace LivePatch.Boot.Tests;

public class OnDemandModulesTests
{
    private static readonly ModuleDependencies Modules = ModuleDependencies.Parse(
        """
        kernel/fs/xfs/xfs.ko: kernel/lib/libcrc32c.ko
        kernel/lib/libcrc32c.ko:
        kernel/drivers/net/e1000.ko:
        kernel/drivers/block/loop.ko: kernel/drivers/base/helper.ko
        kernel/drivers/base/helper.ko:
        kernel/drivers/base/unrelated.ko:
        kernel/drivers/md/dm-crypt.ko:
        kernel/drivers/scsi/hba.ko:
        sound/core/snd.ko:
        """,
        string.Empty,
        "alias pci:v00008086d* e1000\nalias pci:v00001000d* hba\nalias block-major-7-* loop\n");

    [Fact]
    public void all_but_the_drivers_of_a_bus_lie_ready_with_what_they_need() =>
        Assert.Equal(
            ["dm_crypt", "helper", "libcrc32c", "loop", "xfs"],
            OnDemandModules.Choose(Modules, static _ => 1).Order(StringComparer.Ordinal));

    [Fact]
    public void what_does_not_fit_is_left_out_the_largest_first() =>
        Assert.Equal(
            ["dm_crypt", "helper", "libcrc32c", "loop"],
            OnDemandModules.Choose(Modules, static path => path.EndsWith("xfs.ko", StringComparison.Ordinal) ? OnDemandModules.Limit : 1));

    [Fact]
    public void the_guests_index_names_only_what_is_in_the_guest()
    {
        GuestModule[] modules = [
            new("xfs", "/x", "kernel/fs/xfs/xfs.ko.xz", null), new("loop", "/l", "kernel/drivers/block/loop.ko", null)];
        var texts = GuestModuleIndex.Write("6.1.0", modules, Modules).ToDictionary(static text => text.Path, static text => text.Text);
        Assert.Equal("xfs kernel/fs/xfs/xfs.ko.xz\nloop kernel/drivers/block/loop.ko\n", texts["verify/modules.load"]);
        Assert.Equal("block_major_7_* loop\n", texts["verify/modules.names"]);
        Assert.Equal("kernel/fs/xfs/xfs.ko.xz:\nkernel/drivers/block/loop.ko:\n", texts["lib/modules/6.1.0/modules.dep"]);
    }
}

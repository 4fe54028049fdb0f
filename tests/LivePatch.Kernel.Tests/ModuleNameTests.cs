namespace LivePatch.Kernel.Tests;

public sealed class ModuleNameTests
{
    [Theory]
    [InlineData("/lib/modules/6.1.0/kernel/arch/x86/kvm/kvm-intel.ko", "kvm_intel")]
    [InlineData("kvm-intel.ko.xz", "kvm_intel")]
    [InlineData("a/b.ko.zst", "b")]
    [InlineData("snd-hda-codec.ko.gz", "snd_hda_codec")]
    [InlineData("drivers/net/dummy", "dummy")]
    [InlineData("fs/ext4/ext4.o", "ext4")]
    [InlineData("vmlinux", "vmlinux")]
    public void the_run_time_name_comes_from_the_file_name(string path, string name) =>
        Assert.Equal(name, ModuleName.FromPath(path));

    [Fact]
    public void names_the_livepatch_core_cannot_parse_are_not_usable()
    {
        Assert.True(ModuleName.IsUsable(new string('a', 55), out _));
        Assert.False(ModuleName.IsUsable(new string('a', 56), out var tooLong));
        Assert.Contains("55", tooLong, StringComparison.Ordinal);
        Assert.False(ModuleName.IsUsable("a.b", out _));
        Assert.False(ModuleName.IsUsable("", out _));
        Assert.False(ModuleName.IsUsable("a,b", out _));
    }
}

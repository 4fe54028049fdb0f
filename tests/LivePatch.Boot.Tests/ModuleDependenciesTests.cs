using LivePatch.Boot.Modules;
using Xunit;

namespace LivePatch.Boot.Tests;

public class ModuleDependenciesTests
{
    private const string Dep = """
        # made by depmod
        kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko
        kernel/fs/jbd2/jbd2.ko:
        kernel/drivers/net/foo-bar.ko.xz: kernel/net/core/baz.ko.xz

        """;

    [Fact]
    public void dependencies_are_loaded_from_the_end_of_the_line_to_its_start()
    {
        var dependencies = ModuleDependencies.Parse(Dep, string.Empty);
        Assert.Equal(
            ["kernel/fs/jbd2/jbd2.ko", "kernel/fs/mbcache.ko", "kernel/lib/crc16.ko", "kernel/fs/ext4/ext4.ko"],
            dependencies.LoadSequence("ext4"));
    }

    [Theory]
    [InlineData("foo-bar")]
    [InlineData("foo_bar")]
    public void dashes_and_underscores_name_the_same_module(string name) =>
        Assert.Equal(
            ["kernel/net/core/baz.ko.xz", "kernel/drivers/net/foo-bar.ko.xz"],
            ModuleDependencies.Parse(Dep, string.Empty).LoadSequence(name));

    [Fact]
    public void an_unlisted_module_has_no_sequence_and_a_built_in_one_is_known_as_such()
    {
        var dependencies = ModuleDependencies.Parse(Dep, "kernel/arch/x86/crypto/libblake2s-x86_64.ko\n");
        Assert.Null(dependencies.LoadSequence("nothing"));
        Assert.True(dependencies.IsBuiltIn("libblake2s-x86_64"));
        Assert.False(dependencies.IsBuiltIn("ext4"));
    }

    [Fact]
    public void lines_without_a_colon_are_passed_over() =>
        Assert.Null(ModuleDependencies.Parse("kernel/fs/ext4/ext4.ko", string.Empty).LoadSequence("ext4"));
}

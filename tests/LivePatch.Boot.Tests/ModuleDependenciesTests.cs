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
            Paths(dependencies.LoadSequence("ext4")));
    }

    [Theory]
    [InlineData("foo-bar")]
    [InlineData("foo_bar")]
    public void dashes_and_underscores_name_the_same_module(string name) =>
        Assert.Equal(
            ["kernel/net/core/baz.ko.xz", "kernel/drivers/net/foo-bar.ko.xz"],
            Paths(ModuleDependencies.Parse(Dep, string.Empty).LoadSequence(name)));

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

    [Fact]
    public void soft_dependencies_come_before_or_behind_and_may_be_missing_everywhere_on_the_way()
    {
        var dependencies = ModuleDependencies.Parse(
            """
            kernel/fs/xfs/xfs.ko: kernel/lib/libcrc32c.ko
            kernel/lib/libcrc32c.ko:
            kernel/crypto/crc32c_generic.ko:
            kernel/arch/x86/crypto/crc32c-intel.ko:
            kernel/net/act_mpls.ko:
            kernel/net/mpls_gso.ko:
            """,
            string.Empty,
            """
            # Aliases extracted from modules themselves.
            alias crypto-crc32c crc32c_generic
            alias crypto-crc32c crc32c_intel
            alias fs-xfs xfs
            """,
            """
            softdep libcrc32c pre: crypto-crc32c absent
            softdep act_mpls post: mpls_gso
            softdep mpls_gso pre: act_mpls
            softdep xfs libcrc32c-not-read
            """);
        Assert.Equal(
            [
                "?kernel/crypto/crc32c_generic.ko", "?kernel/arch/x86/crypto/crc32c-intel.ko", "kernel/lib/libcrc32c.ko",
                "kernel/fs/xfs/xfs.ko"],
            dependencies.LoadSequence("xfs")!.Select(static step => step.ToString()));
        Assert.Equal(
            [
                "kernel/net/act_mpls.ko",
                "?kernel/net/mpls_gso.ko"], dependencies.LoadSequence("act_mpls")!.Select(static step => step.ToString()));
        Assert.Equal(["xfs"], dependencies.Resolve("fs-xfs"));
        Assert.Equal(["crc32c_generic", "crc32c_intel"], dependencies.Resolve("crypto-crc32c"));
        Assert.Empty(dependencies.Resolve("crypto-none"));
    }

    [Fact]
    public void what_is_needed_and_softly_wanted_is_needed()
    {
        var dependencies = ModuleDependencies.Parse("a.ko: b.ko\nb.ko:\n", string.Empty, string.Empty, "softdep a pre: b\n");
        Assert.Equal(["b.ko", "a.ko"], dependencies.LoadSequence("a")!.Select(static step => step.ToString()));
    }

    [Fact]
    public void patterns_are_aliases_too() =>
        Assert.Equal(
            ["dcdbas"],
            ModuleDependencies.Parse("kernel/dcdbas.ko:", string.Empty, "alias fs-d*[not] x\nalias net-pf-*-dell* dcdbas")
                .Resolve("net-pf-9-dell-x"));

    private static IEnumerable<string>? Paths(IReadOnlyList<ModuleStep>? steps) => steps?.Select(static step => step.Path);
}

using LivePatch.Module.Emit;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class ModuleNameRulesTests
{
    [Theory]
    [InlineData("livepatch-meminfo-string", "a/meminfo-string.patch")]
    [InlineData("livepatch-CVE-2026-1-fix", "CVE-2026-1 fix.patch")]
    [InlineData("livepatch-x", "livepatch-x.patch")]
    [InlineData("livepatch-patch", "a.patch", "b.patch")]
    public void names_come_from_the_patches(string expected, params string[] patches) =>
        Assert.Equal(expected, ModuleNameRules.FromPatches(patches));

    [Fact]
    public void long_names_are_cut_to_what_the_kernel_takes() =>
        Assert.Equal(ModuleNameRules.MaximumLength, ModuleNameRules.FromPatches([new string('x', 200) + ".patch"]).Length);

    [Theory]
    [InlineData("livepatch-x_1", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a.b", false)]
    public void only_names_kbuild_takes_are_valid(string name, bool valid) => Assert.Equal(valid, ModuleNameRules.IsValid(name));
}

using LivePatch.Boot.Modules;
using Xunit;

namespace LivePatch.Boot.Tests;

public class ModuleIdentityTests
{
    [Fact]
    public void modinfo_strings_are_read_by_key()
    {
        var identity = ModuleIdentity.Parse(
            "license=GPL\0livepatch=Y\0depends=jbd2,mbcache\0name=livepatch_x\0vermagic=6.1.0-56-amd64 SMP preempt mod_unload modversions \0"u8);
        Assert.Equal("livepatch_x", identity.Name);
        Assert.Equal("6.1.0-56-amd64", identity.Release);
        Assert.True(identity.IsLivepatch);
        Assert.Equal(["jbd2", "mbcache"], identity.Depends);
    }

    [Fact]
    public void an_ordinary_module_is_no_livepatch()
    {
        var identity = ModuleIdentity.Parse("name=loop\0depends=\0\0\0vermagic=6.1.0 SMP\0"u8);
        Assert.False(identity.IsLivepatch);
        Assert.Empty(identity.Depends);
    }

    [Fact]
    public void a_section_without_a_single_key_gives_no_name() => Assert.Null(ModuleIdentity.Parse([0, 1, 2, 0, 255]).Name);
}

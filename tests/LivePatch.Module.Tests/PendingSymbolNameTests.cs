using LivePatch.Module.PostLink;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class PendingSymbolNameTests
{
    [Theory]
    [InlineData("vmlinux", "vmlinux", "count.12", 0)]
    [InlineData("ext4", "jbd2", "f.isra.0", 3)]
    public void a_name_reads_back_as_it_was(string patched, string owner, string name, uint position)
    {
        var pending = new PendingSymbolName(patched, owner, name, position);
        Assert.Equal(pending, PendingSymbolName.TryParse(pending.ToString()));
        Assert.Equal($".klp.sym.{owner}.{name},{position}", pending.KlpName);
    }

    [Fact]
    public void a_symbol_of_vmlinux_goes_to_the_vmlinux_section_whatever_is_patched()
    {
        Assert.Equal("vmlinux", new PendingSymbolName("ext4", "vmlinux", "f", 0).SectionObject);
        Assert.Equal("ext4", new PendingSymbolName("ext4", "jbd2", "f", 0).SectionObject);
    }

    [Theory]
    [InlineData("printk")]
    [InlineData(".klp.sym.vmlinux.f,0")]
    [InlineData(".klp.pending.vmlinux.f,0")]
    [InlineData(".klp.pending.vmlinux.vmlinux.f,x")]
    public void other_names_are_none(string name) => Assert.Null(PendingSymbolName.TryParse(name));
}

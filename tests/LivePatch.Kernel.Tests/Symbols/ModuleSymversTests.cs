using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Tests.Symbols;

public sealed class ModuleSymversTests
{
    private const string Good =
        "0x4c9d28b0\tphys_base\tvmlinux\tEXPORT_SYMBOL\t\n"
        + "0x039823de\tkvm_x86_ops\tarch/x86/kvm/kvm-amd\tEXPORT_SYMBOL_GPL\tKVM_NS\n"
        + "0xffffffff\told_style\tvmlinux\tEXPORT_SYMBOL\n";

    [Fact]
    public void an_export_has_crc_owner_namespace_and_licence()
    {
        var symvers = Parse(Good, out _);

        Assert.NotNull(symvers);
        Assert.Equal(new ExportedSymbol("phys_base", 0x4c9d28b0, "vmlinux", "", false), symvers.Find("phys_base"));
        Assert.Equal(new ExportedSymbol("kvm_x86_ops", 0x039823de, "kvm_amd", "KVM_NS", true), symvers.Find("kvm_x86_ops"));
        Assert.Equal(0xffffffffu, symvers.Find("old_style")!.Crc);
        Assert.Null(symvers.Find("phys_bas"));
        Assert.Equal(3, symvers.Count);
    }

    [Theory]
    [InlineData("0x1\tname\tvmlinux\n")]
    [InlineData("0x1\tname\tvmlinux\tEXPORT_SYMBOL\tNS\textra\n")]
    [InlineData("12345678\tname\tvmlinux\tEXPORT_SYMBOL\t\n")]
    [InlineData("0x123456789\tname\tvmlinux\tEXPORT_SYMBOL\t\n")]
    [InlineData("0x1\t\tvmlinux\tEXPORT_SYMBOL\t\n")]
    [InlineData("0x1\tname\tvmlinux\tEXPORT_SYMBOL_UNUSED_X\t\n")]
    [InlineData("0x1 name vmlinux EXPORT_SYMBOL\n")]
    public void a_malformed_line_is_reported_with_its_number(string line)
    {
        Assert.Null(Parse(Good + line, out var diagnostics));

        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0212", diagnostic.Id);
        Assert.Equal("Module.symvers:4", diagnostic.Location.ToString());
    }

    [Fact]
    public void the_headers_package_s_file_is_read_whole()
    {
        var path = TestMachine.Need($"/usr/src/linux-headers-{TestMachine.Release()}/Module.symvers");
        var diagnostics = new DiagnosticBag();

        var symvers = ModuleSymvers.TryRead(path, diagnostics);

        Assert.Empty(diagnostics);
        Assert.Equal(File.ReadLines(path).Count(), symvers!.Count);
        Assert.True(symvers.Find("klp_enable_patch") is { IsFromVmlinux: true, IsGplOnly: true });
    }

    [Fact]
    public void a_missing_file_is_a_diagnostic()
    {
        var diagnostics = new DiagnosticBag();

        Assert.Null(ModuleSymvers.TryRead("/nowhere/Module.symvers", diagnostics));
        Assert.Equal("LP0001", Assert.Single(diagnostics).Id);
    }

    private static ModuleSymvers? Parse(string text, out DiagnosticBag diagnostics)
    {
        diagnostics = [];
        return ModuleSymvers.TryParse("Module.symvers", Encoding.ASCII.GetBytes(text), diagnostics);
    }
}

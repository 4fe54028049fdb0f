using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Tracing;

namespace LivePatch.Kernel.Tests.Tracing;

public sealed class ModuleFtraceSitesTests
{
    [Fact]
    public void a_shipped_module_s_functions_are_traceable_unless_they_have_no_site()
    {
        using var module = ElfObject.Read(TestMachine.Module("fs/ext4/ext4.ko"));

        var sites = ModuleFtraceSites.FromModule(module, Architectures.X64);

        Assert.True(sites.Count > 500);
        Assert.True(sites.IsTraceable(Assert.Single(module.FindSymbols("ext4_lookup"))));
        var cold = module.Symbols.First(static symbol => symbol.Name.EndsWith(".cold", StringComparison.Ordinal));
        Assert.False(sites.IsTraceable(cold));
        Assert.False(sites.IsTraceable(module.Symbols.First(static symbol => symbol.IsUndefined)));
    }
}

using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Tracing;
using LivePatch.TestSupport;

namespace LivePatch.Kernel.Tests.Tracing;

public sealed class SealedFunctionsTests
{
    private const string Source = """
        __attribute__((noinline)) int called(int x) { return x + 1; }
        int pointed_to(int x) { return called(x) + 2; }
        __asm__(".pushsection .ibt_endbr_seal, \"a\"\n\t.long called - .\n.popsection");
        """;

    [Fact]
    public void an_object_s_table_is_read_through_its_relocations()
    {
        using var source = CompiledSource.C(Source, "gcc", "-O2", "-ffunction-sections", "-fcf-protection=branch");
        using var module = source.Read();
        var pads = SealedFunctions.FromModule(module, Architectures.X64);
        Assert.Equal(1, pads.Count);
        Assert.True(pads.Contains(0, ".text.called"));
        Assert.False(pads.Contains(0, ".text.pointed_to"));
        Assert.False(pads.Contains(0, null));
    }

    [Fact]
    public void a_linked_kernel_s_table_gives_addresses()
    {
        Tool.Require("ld");
        using var source = CompiledSource.C(Source, "gcc", "-O2", "-fno-pie", "-fcf-protection=branch");
        using var directory = new TemporaryDirectory();
        var linked = Path.Combine(directory.Path, "vmlinux");
        Assert.True(Tool.Run("ld", "-Ttext=0x10000", "-e", "pointed_to", "-o", linked, directory.Write("a.o", source.Bytes)).Succeeded);
        using var vmlinux = ElfObject.Read(linked);
        var pads = SealedFunctions.FromImage(vmlinux, Architectures.X64);
        Assert.Equal(1, pads.Count);
        Assert.True(pads.Contains(Assert.Single(vmlinux.FindSymbols("called")).Value, null));
        Assert.False(pads.Contains(Assert.Single(vmlinux.FindSymbols("pointed_to")).Value, null));
    }

    [Fact]
    public void a_kernel_without_the_table_seals_nothing()
    {
        using var source = CompiledSource.C("int f(int x) { return x; }");
        using var kernel = source.Read();
        Assert.Equal(0, SealedFunctions.FromImage(kernel, Architectures.X64).Count);
        Assert.Equal(0, SealedFunctions.FromModule(kernel, Architectures.X64).Count);
    }
}

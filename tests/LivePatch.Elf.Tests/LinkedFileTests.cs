using LivePatch.Elf.Writing;

namespace LivePatch.Elf.Tests;

/// <summary>Linked files: vmlinux is one.</summary>
public sealed class LinkedFileTests
{
    private const ulong KernelText = 0xffff_ffff_8100_0000;

    [Fact]
    public void kernel_addresses_are_read_whole()
    {
        using var read = LinkAtKernelAddress(out _);
        var start = Assert.Single(read.FindSymbols("start_of_all"));
        Assert.Equal(KernelText, start.Value);
        Assert.Equal(KernelText, read.FindSection(".text")!.Address);
        Assert.Equal(KernelText, read.Header.Entry);
        Assert.Equal([0x90, 0xc3], read.ReadAddress(KernelText, 2).ToArray());
    }

    [Fact]
    public void addresses_no_segment_holds_give_no_bytes()
    {
        using var read = LinkAtKernelAddress(out _);
        Assert.True(read.ReadAddress(0, 1).IsEmpty);
        Assert.True(read.ReadAddress(ulong.MaxValue, 8).IsEmpty);
        Assert.True(read.ReadAddress(KernelText, int.MaxValue).IsEmpty);
        Assert.True(read.ReadAddress(KernelText, -1).IsEmpty);
    }

    [Fact]
    public void a_linked_file_is_not_rewritten()
    {
        using var read = LinkAtKernelAddress(out _);
        DiagnosticAssert.Throws(ElfDiagnostics.CannotWrite, () => ElfObjectBuilder.From(read));
    }

    [Fact]
    public void a_file_without_section_headers_still_has_its_segments()
    {
        using var first = LinkAtKernelAddress(out var bytes);
        bytes.AsSpan(40, 8).Clear();
        bytes.AsSpan(58, 6).Clear();
        using var read = ElfObject.Read(bytes, "headerless");
        Assert.Empty(read.Sections);
        Assert.Empty(read.Symbols);
        Assert.Null(read.FindSection(".text"));
        Assert.Equal([0x90, 0xc3], read.ReadAddress(KernelText, 2).ToArray());
    }

    private static ElfObject LinkAtKernelAddress(out byte[] bytes)
    {
        using var compiled = CompiledSource.Assembly("""
            .globl start_of_all
            start_of_all: nop
            ret
            """);
        var linked = compiled.ObjectPath + ".elf";
        var result = Tool.Run("ld", "-static", "-Ttext=0xffffffff81000000", "-e", "start_of_all", "-o", linked, compiled.ObjectPath);
        Assert.True(result.Succeeded, result.Error);
        bytes = File.ReadAllBytes(linked);
        return ElfObject.Read(bytes, "vmlinux");
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.PostLink;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class PostLinkerTests
{
    [Fact]
    public void relocations_against_pending_symbols_move_to_a_livepatch_section()
    {
        var module = Convert(LinkedModule.Make());
        var section = module.FindSection(".klp.rela.vmlinux..text.work");
        Assert.NotNull(section);
        Assert.Equal(ElfConstants.ShfAlloc | ElfConstants.ShfInfoLink | ElfConstants.ShfRelaLivepatch, section.Flags);
        Assert.Equal(24ul, section.EntrySize);
        Assert.Equal(".text.work", section.Target?.Name);
        var moved = Assert.Single(section.Entries);
        Assert.Equal((6ul, X64RelocationType.Plt32, -4L), (moved.Offset, moved.Type, moved.Addend));
        Assert.Equal(".klp.sym.vmlinux.hidden,0", moved.Symbol.Name);
        Assert.True(moved.Symbol.IsLivepatch);
    }

    [Fact]
    public void other_relocations_stay_where_they_are()
    {
        var module = Convert(LinkedModule.Make());
        var stayed = Assert.Single(module.FindSection(".rela.text.work")!.Entries);
        Assert.Equal("exported", stayed.Symbol.Name);
        Assert.True(stayed.Symbol.IsUndefined);
    }

    [Fact]
    public void a_modules_symbol_goes_under_the_patched_module_and_one_of_vmlinux_does_not()
    {
        Assert.NotNull(Convert(LinkedModule.Make("ext4", "ext4")).FindSection(".klp.rela.ext4..text.work"));
        Assert.NotNull(Convert(LinkedModule.Make("ext4", "vmlinux")).FindSection(".klp.rela.vmlinux..text.work"));
    }

    [Fact]
    public void converting_twice_changes_nothing_more()
    {
        var once = Bytes(LinkedModule.Make());
        Assert.Equal(once, Bytes(once));
    }

    private static byte[] Bytes(byte[] linked)
    {
        var diagnostics = new DiagnosticBag();
        var converted = PostLinker.TryConvert(ElfObject.Read(linked, "test.ko"), diagnostics);
        Assert.Empty(diagnostics);
        return converted!;
    }

    private static ElfObject Convert(byte[] linked) => ElfObject.Read(Bytes(linked), "test.ko");
}

using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Elf.Tests;

/// <summary>The ELF features only some objects have.</summary>
public sealed class SpecialObjectTests
{
    [Fact]
    public void a_livepatch_module_keeps_several_relocation_sections_on_one_target()
    {
        var bytes = new ElfObjectFactory()
            .Function("f", new byte[32])
            .Undefined("printk")
            .Relocate(".text.f", 1, X64RelocationType.Plt32, "printk", -4)
            .LivepatchRelocation(".text.f", "vmlinux", "hidden,0", 9, X64RelocationType.Pc32)
            .LivepatchRelocation(".text.f", "nfs", "other,2", 17, X64RelocationType.Pc32)
            .ToArray();
        using var read = ElfObject.Read(bytes, "livepatch.ko");
        var text = read.FindSection(".text.f")!;
        Assert.Equal(
            [".rela.text.f", ".klp.rela.vmlinux..text.f", ".klp.rela.nfs..text.f"],
            text.RelocationSections.Select(static section => section.Name));
        Assert.Equal([1, 9, 17], text.Relocations.Select(static relocation => (int)relocation.Offset));
        Assert.Equal(
            [false, true, true], text.RelocationSections.Select(static section => (section.Flags & ElfConstants.ShfRelaLivepatch) != 0));
        var symbol = Assert.Single(read.FindSymbols(".klp.sym.nfs.other,2"));
        Assert.True(symbol.IsLivepatch);
        Assert.Null(symbol.Section);

        using var again = ElfObject.Read(ElfObjectBuilder.From(read).ToArray(), "again.ko");
        Assert.Empty(ElfDifferences.Find(read, again));
    }

    [Fact]
    public void a_comdat_group_of_the_assembler_keeps_flags_signature_and_members()
    {
        using var compiled = CompiledSource.Assembly("""
            .section .text.inl,"axG",@progbits,inl,comdat
            .weak inl
            .type inl,@function
            inl: call outside
            ret
            .size inl, .-inl
            .section .data.inl,"awG",@progbits,inl,comdat
            .quad inl
            """);
        using var original = compiled.Read();
        var group = Assert.Single(original.Sections, static section => section.Type == ElfConstants.ShtGroup);
        Assert.Equal(
            [".text.inl", ".rela.text.inl", ".data.inl", ".rela.data.inl"],
            group.GroupMembers.Select(static member => member.Name)
                .Order(StringComparer.Ordinal)
                .OrderBy(static name => name.Contains("data", StringComparison.Ordinal))
                .ThenBy(static name => name.Length));
        var bytes = ElfObjectBuilder.From(original).ToArray();
        using var rewritten = ElfObject.Read(bytes, "rewritten.o");
        Assert.Empty(ElfDifferences.Find(original, rewritten));
        BinutilsAssert.Accept(bytes);
    }

    [Fact]
    public void link_order_follows_its_section_when_sections_move()
    {
        var factory = new ElfObjectFactory()
            .Section(".first", [1])
            .Function("f", [0xc3])
            .Section(".site", [9], ElfConstants.ShfAlloc | ElfConstants.ShfLinkOrder);
        factory.SectionNamed(".site").LinkedSection = factory.SectionNamed(".text.f");
        factory.Builder.RemoveSection(factory.SectionNamed(".first"));
        var bytes = factory.ToArray();
        using var read = ElfObject.Read(bytes, "link-order.o");
        Assert.Equal(".text.f", read.Sections[(int)read.FindSection(".site")!.Link].Name);
        BinutilsAssert.Accept(bytes);
    }

    [Fact]
    public void nobits_takes_memory_and_no_bytes_however_it_is_aligned()
    {
        var bytes = new ElfObjectFactory()
            .Section(
                ".bss.a", new byte[0x100000], ElfConstants.ShfAlloc | ElfConstants.ShfWrite, ElfConstants.ShtNobits, alignment: 0x200000)
            .Section(".data.b", [1, 2, 3], ElfConstants.ShfAlloc | ElfConstants.ShfWrite, alignment: 0x200000)
            .ToArray();
        Assert.True(bytes.Length < 16384);
        using var read = ElfObject.Read(bytes, "bss.o");
        var bss = read.FindSection(".bss.a")!;
        Assert.Equal(0x100000UL, bss.Size);
        Assert.Equal(0x200000UL, bss.Alignment);
        Assert.True(bss.Data.IsEmpty);
        Assert.Equal([1, 2, 3], read.FindSection(".data.b")!.Data.ToArray());
    }

    [Fact]
    public void an_object_without_symbols_has_no_symbol_table()
    {
        var bytes = new ElfObjectFactory().Section(".data", [1]).ToArray();
        using var read = ElfObject.Read(bytes, "plain.o");
        Assert.Null(read.SymbolTable);
        Assert.Empty(read.Symbols);
        BinutilsAssert.Accept(bytes);
    }

    [Fact]
    public void a_stripped_object_is_rewritten_without_growing_tables()
    {
        using var compiled = CompiledSource.C("int x = 1;");
        Assert.True(Tool.Run("strip", "--strip-all", compiled.ObjectPath).Succeeded);
        using var read = compiled.Read();
        Assert.Null(read.SymbolTable);
        var bytes = ElfObjectBuilder.From(read).ToArray();
        using var rewritten = ElfObject.Read(bytes, "rewritten.o");
        Assert.Equal(read.Sections.Select(static section => section.Name), rewritten.Sections.Select(static section => section.Name));
    }

    [Fact]
    public void every_bit_of_st_other_and_every_reserved_index_is_kept()
    {
        var builder = new ElfObjectBuilder(Architectures.X64.Machine);
        ushort[] reserved = [ElfConstants.ShnUndef, ElfConstants.ShnAbs, ElfConstants.ShnCommon, ElfConstants.ShnLivepatch, 0xff01];
        foreach (var index in reserved)
        {
            var symbol = builder.AddSymbol($"s{index:x}");
            symbol.Binding = ElfSymbolBinding.Global;
            symbol.Other = 0xe3;
            symbol.ReservedIndex = index;
            symbol.Value = 0xffff_ffff_8100_0000;
        }

        using var read = ElfObject.Read(builder.ToArray(), "other.o");
        using var again = ElfObject.Read(ElfObjectBuilder.From(read).ToArray(), "again.o");
        Assert.Equal(reserved, again.Symbols.Skip(1).Select(static symbol => symbol.RawSectionIndex));
        Assert.All(again.Symbols.Skip(1), static symbol => Assert.Equal((0xe3, 0xffff_ffff_8100_0000), (symbol.Other, symbol.Value)));
    }
}

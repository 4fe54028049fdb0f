using LivePatch.Elf.Native;
using LivePatch.Elf.Text;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Elf.Tests;

public sealed class ElfDumpTests
{
    [Fact]
    public void a_small_object_as_text()
    {
        using var read = new ElfObjectFactory()
            .File("a.c")
            .Function("f", [0xe8, 0, 0, 0, 0, 0xc3])
            .Section(".bad name", [1])
            .Define("dot", ".bad name", 0, 1)
            .Undefined("printk")
            .Relocate(".text.f", 1, X64RelocationType.Plt32, "printk", -4)
            .Relocate(".text.f", 0, 250, "dot", 16)
            .LivepatchRelocation(".text.f", "vmlinux", "g,1", 1, X64RelocationType.Pc32)
            .Comdat("f", ".text.f")
            .Read();
        Assert.Equal(
            """
            type 1 machine 62 flags 0x0
            sections
              .text.f PROGBITS [AXG] size 0x6 align 16 entsize 0
              .bad\x20name PROGBITS [A] size 0x1 align 1 entsize 0
              .rela.text.f RELA [I] size 0x30 align 8 entsize 24 of .text.f
              .klp.rela.vmlinux..text.f RELA [AIP] size 0x18 align 8 entsize 24 of .text.f
              .group GROUP [] size 0x8 align 4 entsize 4 members .text.f
            symbols
              0x00000000      0 FILE    LOCAL  other 00 ABS a.c
              0x00000000      1 OBJECT  LOCAL  other 00 .bad\x20name dot
              0x00000000      6 FUNC    GLOBAL other 00 .text.f f
              0x00000000      0 NOTYPE  GLOBAL other 00 UNDEF printk
              0x00000000      0 FUNC    GLOBAL other 00 LIVEPATCH .klp.sym.vmlinux.g,1
            relocations .rela.text.f of .text.f
              0x000001 PLT32    printk-0x4
              0x000000 250      dot+0x10
            relocations .klp.rela.vmlinux..text.f of .text.f
              0x000001 PC32     .klp.sym.vmlinux.g,1-0x4

            """,
            ElfDump.Write(read, relocationName: static type => Architectures.X64.Relocations.Find(type)?.Name["R_X86_64_".Length..]));
        Assert.Equal(
            """
            content .text.f
              0x000000 e800000000c3
            content .bad\x20name
              0x000000 01

            """,
            ElfDump.Write(read, ElfDumpParts.Content));
    }

    [Fact]
    public void the_text_does_not_depend_on_where_things_lie_in_the_file()
    {
        using var compiled =
            CompiledSource.C("int v = 3; int f(int x) { return x + v; }", "clang", "-O2", "-ffunction-sections", "-fdata-sections");
        using var read = compiled.Read();
        using var rewritten = ElfObject.Read(Writing.ElfObjectBuilder.From(read).ToArray(), "moved.o");
        Assert.NotEqual(read.FindSection(".text.f")!.Index, rewritten.FindSection(".text.f")!.Index);
        Assert.Equal(ElfDump.Write(read), ElfDump.Write(rewritten));
    }
}

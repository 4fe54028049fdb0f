using System.ComponentModel;
using System.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Tests.Symbols;

public sealed class LinkedSymbolTableTests
{
    private const string Source =
        """
        .file "one.c"
        .text
        .globl _text
        _text:
        .type twice, @function
        twice: ret
        .size twice, 1
        .weak weak_alias
        weak_alias:
        .type strong, @function
        .globl strong
        strong: ret
        .size strong, 1
        .Lhidden: nop
        .section .rodata, "a"
        __crc_x: .long 1
        constant: .long 2
        .data
        .globl variable
        .type variable, @object
        variable: .quad .Lhidden
        .size variable, 8
        .bss
        counter: .skip 8
        .globl absolute
        .set absolute, 42
        .section .comment2, ""
        not_loaded: .long 0
        """;

    private const string Other = ".file \"two.c\"\n.text\n.type twice, @function\ntwice: ret\n.size twice, 1\n";

    [Fact]
    public void a_linked_file_s_table_is_filtered_ordered_and_lettered_as_the_kernel_s()
    {
        using var directory = new TemporaryDirectory();
        var objects = new[] { Assemble(directory, "one", Source), Assemble(directory, "two", Other) };
        var linked = Path.Combine(directory.Path, "vmlinux");
        Run("ld", ["-o", linked, "-Ttext=0xffffffff81000000", "-e", "_text", "--no-gc-sections", .. objects]);
        using var elf = ElfObject.Read(linked);

        var table = KernelSymbolTable.FromElf(elf);

        Assert.True(table.IsLinked);
        var own = table.Symbols.Where(static s => s.Name is not ("__bss_start" or "_edata" or "_end")).ToList();
        Assert.Equal(
            ["twice", "_text", "strong", "weak_alias", "twice", "constant", "variable", "counter"], own.Select(static s => s.Name));
        Assert.Equal("tTTWtrDb", string.Concat(own.Select(static s => s.TypeCharacter)));
        Assert.Equal(["one.c", null, null, null, "two.c", "one.c", null, "one.c"], own.Select(static s => s.FileName));
        Assert.Equal([1ul, 0, 1, 0, 1, 0, 8, 0], own.Select(static s => s.Size));
        Assert.Equal([1, 2], table.Find("twice").Select(s => table.PositionOf(s.Name, s.Address).Value));
    }

    private static string Assemble(TemporaryDirectory directory, string name, string source)
    {
        var output = Path.Combine(directory.Path, name + ".o");
        Run("as", ["-o", output, directory.Write(name + ".s", source + "\n")]);
        return output;
    }

    private static void Run(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
        }
    }
}

using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Shipped;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests.Shipped;

public sealed class ShippedCodeCheckTests
{
    private const string Source = """
        extern int print(const char *, ...);
        static int counter = 3;
        static const int table[4] = { 1, 2, 3, 4 };
        static int hidden(int x) { return print("/build/here/a.c") + table[x & 3]; }
        int visible(int x) { counter += hidden(x); return print("text %d", counter); }
        """;

    private static readonly string[] Flags = ["-O2", "-fno-pic", "-mcmodel=kernel", "-fno-inline"];

    // What module.lds of Linux 7.2 does with sections of one kind: constants and texts become one.
    private const string MergingScript = """
        SECTIONS {
            .text 0 : { *(.text .text.*) }
            .data 0 : { *(.data .data.*) }
            .rodata 0 : { *(.rodata .rodata.*) }
        }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void a_module_of_that_source_is_recognised_beside_other_objects(bool isMerged) => Assert.Null(Check(Source, isMerged));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_directory_it_was_built_in_does_not_matter(bool isMerged) =>
        Assert.Null(Check(Source.Replace("/build/here", "/home/me", StringComparison.Ordinal), isMerged));

    [Theory]
    [InlineData("table[x & 3]", "table[x & 1]", "hidden")]
    [InlineData("\"text %d\"", "\"test %d\"", "visible")]
    [InlineData("counter = 3", "counter = 4", "counter")]
    [InlineData("1, 2, 3, 4", "1, 2, 3, 5", "table")]
    [InlineData("return print(\"text", "return printk(\"text", "visible")]
    public void another_source_is_found_out(string from, string to, string symbol)
    {
        var given =
            Source.Replace("extern int print(", "extern int printk(const char *, ...); extern int print(", StringComparison.Ordinal)
                .Replace(from, to, StringComparison.Ordinal);
        foreach (var text in new[] { Check(given, isMerged: false), Check(given, isMerged: true) })
        {
            Assert.NotNull(text);
            Assert.StartsWith($"a.o: {symbol}: error LP0365", text, StringComparison.Ordinal);
        }
    }

    private static string? Check(string given, bool isMerged)
    {
        Tool.Require("ld");
        using var shipped = CompiledSource.C(Source, "gcc", Flags);
        using var other = CompiledSource.C("static int counter = 9; int another(void) { return ++counter; }", "gcc", Flags);
        using var compiled = CompiledSource.C(given, "gcc", Flags);
        using var directory = new TemporaryDirectory();
        var module = directory.File("m.ko");
        var script = directory.File("module.lds");
        File.WriteAllText(script, isMerged ? MergingScript : string.Empty);
        Assert.True(Tool.Run("ld", "-r", "-T", script, "-o", module, other.ObjectPath, shipped.ObjectPath).Succeeded);
        using var elf = ElfObject.Read(module, "m.ko");
        Assert.Equal(isMerged, elf.FindSection(".rodata.str1.1") is null);
        return new ShippedCodeCheck(compiled.Read(), elf, Architectures.All[0]).Find("a.o")?.ToString();
    }
}

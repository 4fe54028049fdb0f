using LivePatch.Build.OutOfTree;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Build.Tests.OutOfTree;

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

    [Fact]
    public void a_module_of_that_source_is_recognised_beside_other_objects() => Assert.Null(Check(Source));

    [Fact]
    public void the_directory_it_was_built_in_does_not_matter() => Assert.Null(Check(Source.Replace("/build/here", "/home/me", StringComparison.Ordinal)));

    [Theory]
    [InlineData("table[x & 3]", "table[x & 1]", "hidden")]
    [InlineData("\"text %d\"", "\"test %d\"", "visible")]
    [InlineData("counter = 3", "counter = 4", "counter")]
    [InlineData("1, 2, 3, 4", "1, 2, 3, 5", "table")]
    [InlineData("return print(\"text", "return printk(\"text", "visible")]
    public void another_source_is_found_out(string from, string to, string symbol)
    {
        var text = Check(Source.Replace("extern int print(", "extern int printk(const char *, ...); extern int print(", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal));

        Assert.NotNull(text);
        Assert.StartsWith($"a.o: {symbol}: error LP0365", text, StringComparison.Ordinal);
    }

    private static string? Check(string given)
    {
        Tool.Require("ld");
        using var shipped = CompiledSource.C(Source, "gcc", Flags);
        using var other = CompiledSource.C("static int counter = 9; int another(void) { return ++counter; }", "gcc", Flags);
        using var compiled = CompiledSource.C(given, "gcc", Flags);
        using var directory = new TemporaryDirectory();
        var module = directory.File("m.ko");
        Assert.True(Tool.Run("ld", "-r", "-o", module, other.ObjectPath, shipped.ObjectPath).Succeeded);
        using var elf = ElfObject.Read(module, "m.ko");
        return new ShippedCodeCheck(compiled.Read(), elf, Architectures.All[0]).Find("a.o")?.ToString();
    }
}

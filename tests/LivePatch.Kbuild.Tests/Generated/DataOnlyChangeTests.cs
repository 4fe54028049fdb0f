using LivePatch.Kbuild.Generated;
using Xunit;

namespace LivePatch.Kbuild.Tests.Generated;

/// <summary>What may change in a program of the build: data, and nothing that is run.</summary>
public sealed class DataOnlyChangeTests
{
    private const string Before = """
        int puts(const char *); int system(const char *);
        enum kind { ONE, TWO = 5 };
        struct row { const char *name; int (*show)(const char *); int numbers[2]; };
        static const struct row rows[] = { { "a", puts, { 1, 2 } }, { .name = "b", .show = ((void *)0) } };
        int main(void) { return rows[0].show(rows[0].name); }
        """;

    [Theory]
    [InlineData("\"a\"", "\"system\"")]
    [InlineData("{ 1, 2 }", "{ -7, 'x' }")]
    [InlineData("{ \"a\", puts", "{ \"new\", ((void *)0) }, { .name = \"a\", puts")]
    [InlineData("{ \"a\", puts", "{ \"new\", puts }, { \"a\", puts")]
    [InlineData("ONE, TWO", "ONE, THREE, TWO")]
    [InlineData("TWO = 5", "TWO = 6")]
    [InlineData("int puts", "int  puts")]
    public void data_may_change(string from, string to) => Assert.True(DataOnlyChange.Is(Before, Change(from, to)));

    [Theory]
    [InlineData("puts, {", "system, {")]
    [InlineData("{ 1, 2 }", "{ system(\"x\"), 2 }")]
    [InlineData("{ 1, 2 }", "{ sizeof(int), 2 }")]
    [InlineData("} };\nint main", "} }; static void run(void) __attribute__((constructor));\nint main")]
    [InlineData("{ return", "{ system(\"x\"); return")]
    [InlineData("rows[0].name", "rows[1].name")]
    [InlineData("static const struct row", "static struct row")]
    [InlineData("= { { \"a\"", "= { }, *other = { { \"a\"")]
    [InlineData("enum kind", "enum other")]
    [InlineData("TWO = 5", "TWO = sizeof(int)")]
    [InlineData("int numbers[2]", "int numbers[3]")]
    [InlineData("static const", "#pragma weak rows\nstatic const")]
    [InlineData("static const", "__asm__(\"x\"); static const")]
    public void code_may_not_change(string from, string to) => Assert.False(DataOnlyChange.Is(Before, Change(from, to)));

    private static string Change(string from, string to)
    {
        var text = Before.Replace("\r", string.Empty, StringComparison.Ordinal);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return text.Replace(from, to, StringComparison.Ordinal);
    }
}

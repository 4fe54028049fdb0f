using System.Text;
using LivePatch.Kbuild.Headers;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("int a; /* x */\n", "int a;\n")]
    [InlineData("int a;\nint b;\n", "/* new\n * lines */\nint a;\n\n// more\nint  b;\n")]
    [InlineData("#define A \\\n  1\n", "#define A 1\n")]
    public void comments_and_blanks_are_no_code(string before, string after) => Assert.True(SourceText.IsSameCode(before, after));

    [Theory]
    [InlineData("char *s = \"a b\";", "char *s = \"a  b\";")]
    [InlineData("char *s = \"/* a */\";", "char *s = \"/* b */\";")]
    [InlineData("char *s = \"\\\" // a\";", "char *s = \"\\\" // b\";")]
    [InlineData("#define A b\nc", "#define A b c")]
    [InlineData("int a;", "int b;")]
    [InlineData("/* int a; */", "int a;")]
    [InlineData("a b", "ab")]
    public void code_is_code(string before, string after) => Assert.False(SourceText.IsSameCode(before, after));

    [Theory]
    [InlineData("int a;\n\n\nint b;\n", "int a;\nint b;", true)]
    [InlineData("f(\"a\\\"  b\")", "f(\"a\\\" b\")", false)]
    [InlineData("c = ' ';", "c = '  ';", false)]
    [InlineData("int a;", "int a; int b;", false)]
    [InlineData("int a;", "inta;", false)]
    public void tokens_are_compared(string before, string after, bool same) =>
        Assert.Equal(same, SourceText.IsSameTokens(Encoding.Latin1.GetBytes(before), Encoding.Latin1.GetBytes(after)));
}

using LivePatch.Core.Processes;

namespace LivePatch.Core.Tests;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("plain-word_1.o", "plain-word_1.o")]
    [InlineData("-DX=a,b", "-DX=a,b")]
    [InlineData("/usr/src/linux-6.1", "/usr/src/linux-6.1")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    public void words_are_quoted_only_where_they_must(string word, string expected) => Assert.Equal(expected, ShellText.Quote(word));

    [Fact]
    public void a_shell_reads_every_word_back()
    {
        string[] words = [string.Empty, " ", "'", "''", "a'b\"c", "$(id)", "`id`", "\\", "new\nline", "*", "~", "#", "a;b", "é", "-n", "{1,2}", "!x", "<>|&"];
        var command = "for word in " + string.Join(' ', words.Select(ShellText.Quote)) + "; do printf '%s\\0' \"$word\"; done";
        var result = Tool.Run("sh", "-c", command);
        Assert.Equal(words, result.Output.Split('\0')[..^1]);
    }
}

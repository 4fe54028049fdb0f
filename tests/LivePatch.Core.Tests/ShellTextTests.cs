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
        string[] words = [
            string.Empty, " ", "'", "''", "a'b\"c", "$(id)", "`id`", "\\", "new\nline", "*", "~", "#", "a;b", "é", "-n", "{1,2}", "!x",
            "<>|&"];
        var command = "for word in " + string.Join(' ', words.Select(ShellText.Quote)) + "; do printf '%s\\0' \"$word\"; done";
        var result = Tool.Run("sh", "-c", command);
        Assert.Equal(words, result.Output.Split('\0')[..^1]);
    }

    [Theory]
    [InlineData("gcc-12 -c  -o x.o x.c ; ./tools/objtool/objtool x.o", new[] { "gcc-12", "-c", "-o", "x.o", "x.c" })]
    [InlineData("gcc -DKBUILD_MODFILE='\"fs/proc/proc\"' a\\ b", new[] { "gcc", "-DKBUILD_MODFILE=\"fs/proc/proc\"", "a b" })]
    [InlineData("gcc \"-DX=\\\"y\\\"\" '' z&&w", new[] { "gcc", "-DX=\"y\"", "", "z" })]
    public void the_first_command_is_split_as_a_shell_does(string text, string[] words) =>
        Assert.Equal(words, ShellText.FirstCommand(text));

    [Theory]
    [InlineData("gcc $FLAGS x.c")]
    [InlineData("gcc \"$FLAGS\" x.c")]
    [InlineData("gcc `flags` x.c")]
    [InlineData("gcc 'x.c")]
    [InlineData("(cd x; gcc x.c)")]
    public void what_only_a_shell_can_know_is_not_guessed(string text) => Assert.Null(ShellText.FirstCommand(text));
}

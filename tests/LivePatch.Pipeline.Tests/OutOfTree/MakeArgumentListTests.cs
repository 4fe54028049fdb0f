using LivePatch.Core.Diagnostics;
using LivePatch.Pipeline.OutOfTree;
using Xunit;

namespace LivePatch.Pipeline.Tests.OutOfTree;

public sealed class MakeArgumentListTests
{
    [Fact]
    public void what_others_must_know_is_taken_out()
    {
        var list =
            MakeArgumentList.Sort(
                [
                    "CONFIG_X=m", "CC=ccache gcc-12", "LLVM=1", "KCFLAGS=-DA -DB",
                    "KBUILD_EXTRA_SYMBOLS=/a/Module.symvers b/Module.symvers", "-s"],
                null);

        Assert.Equal(["CONFIG_X=m", "KBUILD_EXTRA_SYMBOLS=/a/Module.symvers b/Module.symvers", "-s"], list.Arguments);
        Assert.Equal(("ccache gcc-12", "1", "-DA -DB"), (list.Compiler, list.Llvm, list.KernelFlags));
        Assert.Equal(["/a/Module.symvers", "b/Module.symvers"], list.ExtraSymbols);
    }

    [Fact]
    public void the_environments_symbols_count_unless_an_argument_names_others()
    {
        Assert.Equal(["/e"], MakeArgumentList.Sort([], "/e").ExtraSymbols);
        Assert.Equal(["/a"], MakeArgumentList.Sort(["KBUILD_EXTRA_SYMBOLS=/a"], "/e").ExtraSymbols);
    }

    [Theory]
    [InlineData("M=/other")]
    [InlineData("O=/other")]
    [InlineData("ARCH=arm64")]
    [InlineData("-C")]
    [InlineData("modules_install")]
    public void what_would_build_elsewhere_or_otherwise_is_an_error(string argument)
    {
        var failure = Assert.Throws<DiagnosticException>(() => MakeArgumentList.Sort([argument], null));

        Assert.Equal("LP0367", Assert.Single(failure.Diagnostics).Id);
    }

    [Theory]
    [InlineData("A=1  B=2", new[] { "A=1", "B=2" })]
    [InlineData("A='x y' \"B=p q\"", new[] { "A=x y", "B=p q" })]
    [InlineData("", new string[0])]
    [InlineData("A=''", new[] { "A=" })]
    public void text_is_split_as_a_shell_does(string text, string[] words) => Assert.Equal(words, MakeArgumentList.Split(text));
}

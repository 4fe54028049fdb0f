using Xunit;

namespace LivePatch.Kbuild.Tests.Compile;

public sealed class ObjtoolMessagesTests
{
    [Theory]
    [InlineData("/w/livepatch-x.o: warning: objtool: klp_main: can't find call dest symbol at .text.entry+0x9", true)]
    [InlineData("/w/livepatch-x.o: error: objtool: work+0x5: unsupported instruction", true)]
    [InlineData("vmlinux.o: warning: objtool: ops+0x8: data relocation to !ENDBR: handler+0x0", true)]
    [InlineData("/w/livepatch-x.o: warning: objtool: funcs_vmlinux+0x8: data relocation to !ENDBR: __napi_poll+0x0", false)]
    [InlineData("make[1]: Entering directory '/w/tools/objtool'", false)]
    [InlineData("  LD [M]  livepatch-objtool.o", false)]
    public void every_word_of_objtool_counts_but_the_one_about_our_own_table(string line, bool counts) =>
        Assert.Equal(counts ? [line] : [], CompilerMessages.FromObjtool("a\n" + line + "\nb\n", static _ => false));
}

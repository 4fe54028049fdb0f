using LivePatch.Kbuild.Database;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

public sealed class CompileCommandTests
{
    [Theory]
    [
        InlineData(
            "gcc -c -o a.o a.c  ; ./tools/objtool/objtool --hacks=jump_label --orc --rethunk  --link  --module a.o", "gcc -c -o a.o a.c")]
    [InlineData("gcc -c -o a.o a.c ; /usr/src/k/tools/objtool/objtool --orc --link --module a.o", "gcc -c -o a.o a.c")]
    [InlineData("gcc -c -o a.o a.c ; ./tools/objtool/objtool --orc --rethunk --module a.o", null)]
    [InlineData("gcc --link -c -o a.o a.c", null)]
    public void objtool_is_left_to_the_whole_module(string text, string? expected) =>
        Assert.Equal(expected ?? text, new CompileCommand("a.o", text).WithoutLinkTimeObjtool().Text);
}

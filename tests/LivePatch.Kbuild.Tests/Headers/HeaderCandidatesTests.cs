using LivePatch.Kbuild.Headers;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class HeaderCandidatesTests : IDisposable
{
    private readonly TemporaryDirectory _tree = new();

    public HeaderCandidatesTests()
    {
        _tree.Write("drivers/a/a.c", "#include \"trace.h\"\n");
        _tree.Write("drivers/a/trace.h", "#include <linux/one.h>\n");
        _tree.Write("drivers/b/b.c", "#include \"trace.h\"\n");
        _tree.Write("drivers/b/trace.h", "#define TRACE_INCLUDE_FILE trace\n#include <trace/define_trace.h>\n");
        _tree.Write("drivers/c/c.c", "#if 0\n#include <asm/wrapped.h>\n#endif\n");
        _tree.Write("drivers/c/gen.sh", "echo '#include <linux/one.h>'\n");
        _tree.Write("drivers/d/d.c", "#include \"../a/sub/../trace.h\"\n");
        _tree.Write("drivers/e/e.c", "#include \"part.inc\"\n");
        _tree.Write("drivers/e/part.inc", "#include <linux/loop.h>\n");
        _tree.Write("arch/x86/include/generated/asm/wrapped.h", "#include <asm-generic/wrapped.h>\n");
        _tree.Write("include/asm-generic/wrapped.h", "#include <linux/one.h>\n");
        _tree.Write("include/linux/one.h", "int one;\n");
        _tree.Write("include/linux/loop.h", "#include <linux/loop2.h>\n");
        _tree.Write("include/linux/loop2.h", "#include <linux/loop.h>\n#include \"late.h\"\n");
        _tree.Write("include/linux/forced.h", "int forced;\n");
        _tree.Write("include/trace/define_trace.h", "#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)\n");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("drivers/a/trace.h", "drivers/a/a.o drivers/d/d.o")]
    [InlineData("drivers/b/trace.h", "drivers/b/b.o")]
    [InlineData("include/linux/one.h", "drivers/a/a.o drivers/c/c.o drivers/c/generated.o drivers/d/d.o")]
    [InlineData("include/linux/loop2.h", "drivers/e/e.o")]
    [InlineData("include/linux/forced.h", "drivers/f/f.o")]
    [InlineData("drivers/a/a.c", "drivers/a/a.o")]
    [InlineData("include/linux/none.h", "")]
    public void the_objects_that_reach_a_header_are_found(string header, string objects) => Assert.Equal(objects, Find(header));

    [Fact]
    public void a_new_header_that_hides_another_is_reached()
    {
        // "late.h" is found nowhere yet; with the patch it is.
        Assert.Equal("drivers/e/e.o", Find("include/linux/late.h"));

        // <linux/one.h> exists already, and the new one stands before it in the search path.
        Assert.Equal("drivers/a/a.o drivers/c/c.o drivers/c/generated.o drivers/d/d.o", Find("arch/x86/include/linux/one.h"));
    }

    [Fact]
    public void the_index_survives_being_written()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        IncludeIndexStore.Scan(_tree.Path).Write(writer);
        writer.Flush();
        bytes.Position = 0;
        var index = IncludeIndex.Read(new BinaryReader(bytes));
        Assert.Equal(
            [new IncludeDirective("linux/loop.h", IncludeKind.Angled), new IncludeDirective("late.h", IncludeKind.Quoted)],
            index.IncludesOf("include/linux/loop2.h"));
    }

    private string Find(string header)
    {
        HeaderObject[] objects =
        [
            Object("drivers/a/a"), Object("drivers/b/b"), Object("drivers/c/c"), Object(
                "drivers/c/generated"), Object("drivers/d/d"), Object("drivers/e/e"),
            Object("drivers/f/f", "-include ./include/linux/forced.h"),
        ];
        _tree.Write("drivers/f/f.c", "int f;\n");
        var index = IncludeIndexStore.Scan(_tree.Path);
        return string.Join(' ', new HeaderCandidates(index, _tree.Path, [header]).Find(objects).Select(static item => item.Path));
    }

    private static HeaderObject Object(string stem, string flags = "") =>
        new(
            stem + ".o",
            stem + ".c",
            $"gcc -Wp,-MMD,{stem}.d -nostdinc -I./arch/x86/include -I./arch/x86/include/generated -I ./include {flags} -c -o {stem}.o "
                + $"{stem}.c ; objtool {stem}.o");
}

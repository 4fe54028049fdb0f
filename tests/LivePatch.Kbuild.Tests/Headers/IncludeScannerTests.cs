using System.Text;
using LivePatch.Kbuild.Headers;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class IncludeScannerTests
{
    [Theory]
    [InlineData("#include <linux/sched.h>\n", "linux/sched.h", IncludeKind.Angled)]
    [InlineData("#include \"trace.h\"\n", "trace.h", IncludeKind.Quoted)]
    [InlineData("\t#\tinclude\t\"../a.h\" /* why */", "../a.h", IncludeKind.Quoted)]
    [InlineData("/* x */ # /* y */ include /* z */ <a.h>", "a.h", IncludeKind.Angled)]
    [InlineData("#inc", null, IncludeKind.Quoted)]
    [InlineData("#include\\\n  <a.h>", "a.h", IncludeKind.Angled)]
    [InlineData("#include\"a.h\"", "a.h", IncludeKind.Quoted)]
    [InlineData("#include_next <a.h>", "a.h", IncludeKind.Anywhere)]
    [InlineData("#if 0\r\n#include <a.h>\r\n#endif", "a.h", IncludeKind.Angled)]
    [InlineData("#include MACRO(x)\n", null, IncludeKind.Quoted)]
    [InlineData("#include \"cut\n", null, IncludeKind.Quoted)]
    [InlineData("#define TRACE_INCLUDE_FILE sched\n", "sched.h", IncludeKind.Anywhere)]
    [InlineData("#define GENL_MAGIC_INCLUDE_FILE <linux/drbd_genl.h>\n", "linux/drbd_genl.h", IncludeKind.Anywhere)]
    [InlineData("#define NAME \"%s.h\"\n", null, IncludeKind.Quoted)]
    [InlineData("#define NAME \"driver\"\n", null, IncludeKind.Quoted)]
    public void every_way_to_include_is_seen(string text, string? name, IncludeKind kind)
    {
        var found = IncludeScanner.Scan(Encoding.Latin1.GetBytes(text));
        Assert.Equal(name is null ? [] : [new IncludeDirective(name, kind)], found);
    }
}

using LivePatch.Core.IO;
using LivePatch.Kbuild.Headers;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

/// <summary>The compiler's own list of what a file includes is the judge: no file of it may be missed.</summary>
public sealed class IncludesOfTheCompilerTests
{
    [Fact]
    public void every_file_the_compiler_reads_leads_to_the_object()
    {
        Tool.Require("gcc");
        using var tree = new TemporaryDirectory();
        tree.Write("include/linux/kconfig.h", "#include <generated/autoconf.h>\n");
        tree.Write("include/generated/autoconf.h", "#define CONFIG_HEADER \"custom.h\"\n");
        tree.Write("include/linux/tracepoint.h", "#include <linux/types.h>\n");
        tree.Write("include/linux/types.h", "typedef int t;\n");
        tree.Write("include/custom.h", "#include <linux/types.h>\n");
        tree.Write("include/trace/define_trace.h", """
            #undef CREATE
            #define __stringify_1(x) #x
            #define __stringify(x) __stringify_1(x)
            #define TRACE_INCLUDE(system) __stringify(TRACE_INCLUDE_PATH/system.h)
            #include TRACE_INCLUDE(TRACE_INCLUDE_FILE)
            #include <trace/events.h>
            """);
        tree.Write("include/trace/events.h", "\n");
        tree.Write("drivers/x/part.c", "#include \"../y/y.h\"\n");
        tree.Write("drivers/y/y.h", "#include \"z.h\"\n");
        tree.Write("drivers/y/z.h", "\n");
        tree.Write("drivers/x/quoted/q.h", "\n");
        tree.Write(
            "drivers/x/x_trace.h",
            "#include <linux/tracepoint.h>\n#undef TRACE_INCLUDE_PATH\n#define TRACE_INCLUDE_PATH ../../drivers/x\n#define "
                + "TRACE_INCLUDE_FILE x_trace\n#ifdef CREATE\n#include <trace/define_trace.h>\n#endif\n");
        tree.Write(
            "drivers/x/x.c",
            "#define CREATE\n#include \"x_trace.h\"\n#include CONFIG_HEADER\n#include \"part.c\"\n#include \"q.h\"\n#include GIVEN\n");
        tree.Write("drivers/x/given.h", "\n");

        const string command =
            "gcc -nostdinc -iquote drivers/x/quoted -I./include -include ./include/linux/kconfig.h '-DGIVEN=\"given.h\"' -c -o "
                + "drivers/x/x.o drivers/x/x.c";
        var listed = Tool.RunIn(tree.Path, "sh", "-c", command.Replace(" -c -o drivers/x/x.o", " -M", StringComparison.Ordinal));
        Assert.True(listed.Succeeded, listed.Error);
        var files =
            listed.Output.Replace("\\\n", " ", StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static word => !word.EndsWith(':')).Select(static word => TreePath.Combine(string.Empty, word)).Distinct().ToList();
        Assert.Contains("drivers/y/z.h", files);
        Assert.Contains("include/custom.h", files);
        Assert.Contains("drivers/x/given.h", files);

        var index = IncludeIndexStore.Scan(tree.Path);
        HeaderObject[] objects = [new("drivers/x/x.o", "drivers/x/x.c", command)];
        Assert.All(files, file => Assert.Single(new HeaderCandidates(index, tree.Path, [file]).Find(objects)));
    }
}

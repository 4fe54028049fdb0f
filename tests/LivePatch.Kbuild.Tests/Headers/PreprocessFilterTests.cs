using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Headers;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class PreprocessFilterTests : IDisposable
{
    private readonly TemporaryDirectory _before = new();
    private readonly TemporaryDirectory _after = new();
    private readonly List<string> _stages = [];

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    [Theory]
    [InlineData("#ifdef A\nint f(void) { return 1; }\n#endif\n", "#ifdef A\nint f(void) { return 2; }\n#endif\n", "a.o")]
    [InlineData("#define UNUSED 1\n", "#define UNUSED 2\n", "")]
    [InlineData("int line = __LINE__;\n", "\n\n/* moved */\nint line = __LINE__;\n", "")]
    [InlineData("#define M __LINE__\n", "#define M (__LINE__ + 1)\n", "")]
    [InlineData("#define USED 1\n", "#define USED 2\n", "a.o b.o")]
    [InlineData("int i;\n", "#error broken\n", "a.o b.o")]
    public async Task objects_whose_text_stays_are_dropped(string before, string after, string expected)
    {
        Tool.Require("gcc");
        foreach (var (tree, header) in new[] { (_before, before), (_after, after) })
        {
            tree.Write("h.h", header);
            tree.Write("a.c", "#define A\n#include \"h.h\"\nint x = USED;\nconst char *f(void) { return __FILE__; }\n");
            tree.Write("b.c", "#include \"h.h\"\nint x = USED;\n");
        }

        HeaderObject[] objects = [Object("a"), Object("b")];
        var changed = await new PreprocessFilter(new ProcessRunner(), new Progress(_stages))
            .ChangedAsync(objects, _before.Path, _after.Path, Path.Combine(_before.Path, "tmp"), 2, TestContext.Current.CancellationToken);
        Assert.Equal(expected, string.Join(' ', changed.Select(static item => item.Path)));
        Assert.Contains("looking for changes in 2/2", _stages);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_before.Path, "tmp")));
    }

    [Theory]
    [InlineData(12, 87, 6.5, "compiling 12/87, about 41 s left")]
    [InlineData(10, 500, 10, "compiling 10/500, about 9 min left")]
    [InlineData(87, 87, 40, "compiling 87/87")]
    public void the_rest_is_estimated(int done, int total, double seconds, string expected) =>
        Assert.Equal(expected, WorkCounter.Text("compiling", done, total, seconds));

    private static HeaderObject Object(string stem) =>
        new($"{stem}.o", $"{stem}.c", $"gcc -Wp,-MMD,{stem}.d -Werror -Wall -c -o {stem}.o {stem}.c");

    private sealed class Progress(List<string> stages) : IBuildProgress
    {
        public void Stage(string stage)
        {
            lock (stages)
            {
                stages.Add(stage);
            }
        }

        public void Log(string line)
        {
        }
    }
}

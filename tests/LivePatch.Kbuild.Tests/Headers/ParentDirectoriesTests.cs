using System.Diagnostics;
using LivePatch.Kbuild.Headers;
using LivePatch.Patches;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class ParentDirectoriesTests : IDisposable
{
    private readonly TemporaryDirectory _tree = new();
    private readonly TemporaryDirectory _work = new();

    public void Dispose()
    {
        _tree.Dispose();
        _work.Dispose();
    }

    [Theory]
    [InlineData("gcc -Ia -c -o a/b.o a/b.c", "")]
    [
        InlineData(
            "gcc -Wp,-MMD,arch/x86/kvm/../../../virt/.k.o.d -c -o arch/x86/kvm/../../../virt/k.o arch/x86/kvm/../../../virt/k.c",
            "arch arch/x86 arch/x86/kvm")]
    [InlineData("gcc -I ./drivers/a/../b -I/tree/c/.. -include d/../e.h -c -o f.o f.c; objtool --x f.o", "c d drivers/a")]
    [InlineData("gcc -I../outside -I/other/x/.. -c -o f.o f.c", "")]
    public void commands_leave_directories(string command, string expected)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        ParentDirectories.AddOfCommand(command, "/tree", found);
        Assert.Equal(expected, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void includes_leave_directories()
    {
        _tree.Write("fs/a/x.c", "#include \"../common.h\"\n#include \"y.h\"\n");
        _tree.Write("fs/a/other.c", "#include \"../b/z.h\"\n");
        _tree.Write("fs/common.h", string.Empty);
        var index = IncludeIndexStore.Scan(_tree.Path);
        var found = ParentDirectories.Of(["gcc -Iinc -c -o fs/a/x.o fs/a/x.c"], _tree.Path, index.Reaching(["fs/common.h"]), index);
        Assert.Equal(["fs/a", "inc"], found.Order(StringComparer.Ordinal));
    }

    /// <summary>The compiler quietly reads the unpatched header through a link; its own dependencies tell, and a real directory mends
    /// it.</summary>
    [Fact]
    public void a_misread_file_is_found()
    {
        Tool.Require("gcc");
        _tree.Write("fs/common.h", "#define VALUE 1\n");
        _tree.Write("fs/a/x.h", "#include \"../common.h\"\n");
        _tree.Write("fs/b/x.c", "#include <x.h>\nint value = VALUE;\n");
        using var overlay = PatchOverlay.Create(_tree.Path, Path.Combine(_work.Path, "patched"), ["fs/common.h"], ["fs/b"]);
        File.WriteAllText(Path.Combine(overlay.Root, "fs/common.h"), "#define VALUE 2\n");
        HashSet<string> changed = ["fs/common.h"];

        Assert.Contains("value = 1", Compile(overlay), StringComparison.Ordinal);
        var misread = MisreadFiles.DirectoriesFor(overlay, "fs/b/x.o", changed);
        Assert.Equal(["fs/a"], misread);

        overlay.EnsureRealDirectory("fs/a");
        Assert.Contains("value = 2", Compile(overlay), StringComparison.Ordinal);
        Assert.Empty(MisreadFiles.DirectoriesFor(overlay, "fs/b/x.o", changed));
        Assert.Equal("#define VALUE 1\n", File.ReadAllText(Path.Combine(_tree.Path, "fs/common.h")));
    }

    private static string Compile(PatchOverlay overlay)
    {
        using var gcc =
            Process.Start(
                new ProcessStartInfo(
                    "gcc", ["-E", "-Ifs/a", "-Wp,-MMD,fs/b/.x.o.d", "-o", "fs/b/x.i", "fs/b/x.c"])
                { WorkingDirectory = overlay.Root })!;
        gcc.WaitForExit();
        Assert.Equal(0, gcc.ExitCode);
        return File.ReadAllText(Path.Combine(overlay.Root, "fs/b/x.i"));
    }
}

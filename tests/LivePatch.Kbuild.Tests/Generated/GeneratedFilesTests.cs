using LivePatch.Kbuild.Database;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Generated;

/// <summary>The record of what the build generates.</summary>
public sealed class GeneratedFilesTests : IDisposable
{
    private static readonly Dictionary<string, string> None = [];
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void what_is_made_comes_behind_what_it_is_made_from()
    {
        var read = GeneratedFiles.Read(
            "a\ta/x.h\tflask\tscripts/gen/gen a/../b/y.tbl\tgen a/x.h\n"
            + "scripts/gen\tscripts/gen/gen\thost-csingle\tscripts/gen/gen.c\tgcc -o scripts/gen/gen\n"
            + ".\tinclude/asm-offsets.h\toffsets\tarch/asm-offsets.s\t{ echo a;\u0001echo b; } > include/asm-offsets.h\n"
            + ".\tarch/asm-offsets.s\tcc_s_c\tarch/asm-offsets.c\tgcc -S\n", None);
        Assert.Equal(
            ["scripts/gen/gen", "a/x.h", "arch/asm-offsets.s", "include/asm-offsets.h"], read.Files.Select(static file => file.Path));
        Assert.Equal(["scripts/gen/gen", "b/y.tbl"], read.Files[1].Prerequisites);
        Assert.Contains("a;\necho b", read.Files[3].Command, StringComparison.Ordinal);
        Assert.True(read.Files[0].IsHostProgram);
    }

    [Fact]
    public void the_directory_is_the_files_name()
    {
        _directory.Write("arch+x86.generated", "x.h\tmake\tx.tbl\tmake x.tbl\n");
        _directory.Write("arch+x86.directory", "D arch/x86 b\n");
        var file = Assert.Single(GeneratedFiles.Read(GeneratedFiles.Join([_directory.Path]), None).Files);
        Assert.Equal(("arch/x86", "x.h"), (file.Directory, file.Path));
    }
}

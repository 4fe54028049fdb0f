using LivePatch.Core.Diagnostics;
using LivePatch.Pipeline.OutOfTree;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Pipeline.Tests.OutOfTree;

public sealed class ModuleSourceCopyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void sources_and_vendors_objects_are_copied_and_build_results_are_not()
    {
        foreach (var name in (string[])["source/Kbuild", "source/a.c", "source/sub/b.h", "source/blob.o", "source/a.o", "source/.a.o.cmd", "source/m.ko", "source/.m.ko.cmd", "source/m.mod.c", "source/modules.order", "source/Module.symvers", "source/.git/HEAD", "outside/c.h"])
        {
            _directory.Write(name, name);
        }

        File.CreateSymbolicLink(_directory.File("source/inside.h"), "sub/b.h");
        File.CreateSymbolicLink(_directory.File("source/outside"), "../outside");
        ModuleSourceCopy.Make(_directory.File("source"), _directory.File("deeper/copy"));

        var copy = _directory.File("deeper/copy");
        var files =
            Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(copy, path))
                .Where(static path => !path.StartsWith("outside", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
        Assert.Equal(["Kbuild", "a.c", "blob.o", "inside.h", "sub/b.h"], files);
        Assert.Equal("sub/b.h", new FileInfo(Path.Combine(copy, "inside.h")).LinkTarget);
        Assert.Equal("outside/c.h", File.ReadAllText(Path.Combine(copy, "outside/c.h")));
    }

    [Fact]
    public void a_directory_without_a_makefile_is_no_module_source()
    {
        _directory.Write("source/a.c", string.Empty);

        var failure = Assert.Throws<DiagnosticException>(() => ModuleSourceCopy.Make(_directory.File("source"), _directory.File("copy")));

        Assert.Equal("LP0362", Assert.Single(failure.Diagnostics).Id);
    }

    public void Dispose() => _directory.Dispose();
}

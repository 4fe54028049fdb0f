using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

public sealed class PatchOverlayTests : IDisposable
{
    private readonly PatchScratch _tree = new();

    [Fact]
    public void only_what_is_on_the_way_to_real_files_is_real()
    {
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, ["fs/proc/meminfo.c"], []);
        Assert.Null(Target("fs"));
        Assert.Null(Target("fs/proc"));
        Assert.Null(Target("fs/proc/meminfo.c"));
        Assert.Equal(Path.Combine(_tree.Base, "mm"), Target("mm"));
        Assert.Equal(Path.Combine(_tree.Base, ".config"), Target(".config"));
        Assert.Equal(Path.Combine(_tree.Base, "fs/Makefile"), Target("fs/Makefile"));
        Assert.Equal(Path.Combine(_tree.Base, "fs/proc/stat.c"), Target("fs/proc/stat.c"));
        Assert.Equal(PatchScratch.Numbered(40), File.ReadAllText(Path.Combine(overlay.Root, "fs/proc/meminfo.c")));
    }

    [Fact]
    public void build_results_are_not_linked_into_real_directories()
    {
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, [], ["fs/proc"]);
        Assert.Equal(
            ["Makefile", "meminfo.c", "stat.c"],
            Directory.EnumerateFileSystemEntries(Path.Combine(overlay.Root, "fs/proc")).Select(Path.GetFileName).Order());
        File.WriteAllText(Path.Combine(overlay.Root, "fs/proc/meminfo.o"), "patched");
        Assert.Equal("object", File.ReadAllText(Path.Combine(_tree.Base, "fs/proc/meminfo.o")));
    }

    [Fact]
    public void a_directory_becomes_real_later_and_a_new_one_is_made()
    {
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, ["drivers/new/x.c"], []);
        Assert.True(Directory.Exists(Path.Combine(overlay.Root, "drivers/new")));
        Assert.False(Directory.Exists(Path.Combine(_tree.Base, "drivers")));
        overlay.EnsureRealFile("mm/slab.c");
        overlay.EnsureRealFile("mm/slab.c");
        Assert.Null(Target("mm/slab.c"));
        File.WriteAllText(Path.Combine(overlay.Root, "mm/slab.c"), "new");
        overlay.EnsureRealFile("mm/slab.c");
        Assert.Equal("new", File.ReadAllText(Path.Combine(overlay.Root, "mm/slab.c")));
        Assert.Equal(PatchScratch.Numbered(20), File.ReadAllText(Path.Combine(_tree.Base, "mm/slab.c")));
    }

    [Fact]
    public void headers_that_kbuild_makes_later_are_linked_and_removed_files_stay_away()
    {
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, ["fs/proc/meminfo.c", "mm/slab.c", "fs/proc/new.h"], []);
        File.Delete(Path.Combine(overlay.Root, "fs/proc/stat.c"));
        Directory.Delete(Path.Combine(overlay.Root, "mm"), recursive: true);
        File.WriteAllText(Path.Combine(overlay.Root, "fs/proc/new.h"), "the patch's");
        _tree.Add("fs/proc/table.h", "made");
        _tree.Add("fs/proc/new.h", "made");
        _tree.Add("fs/proc/.table.h.cmd", "made");
        _tree.Add("mm/table.h", "made");

        overlay.LinkGenerated();
        overlay.LinkGenerated();

        Assert.Equal(
            ["Makefile", "meminfo.c", "new.h", "table.h"],
            Directory.EnumerateFileSystemEntries(Path.Combine(overlay.Root, "fs/proc")).Select(Path.GetFileName).Order());
        Assert.Equal(Path.Combine(_tree.Base, "fs/proc/table.h"), Target("fs/proc/table.h"));
        Assert.Equal("the patch's", File.ReadAllText(Path.Combine(overlay.Root, "fs/proc/new.h")));
        Assert.False(Directory.Exists(Path.Combine(overlay.Root, "mm")));
    }

    [Fact]
    public void removing_it_leaves_the_base()
    {
        var before = _tree.Snapshot();
        var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, ["fs/proc/meminfo.c"], ["mm"]);
        overlay.Dispose();
        Assert.False(Directory.Exists(overlay.Root));
        Assert.Equal(before, _tree.Snapshot());
    }

    [Fact]
    public void a_place_that_cannot_be_written_is_a_diagnostic()
    {
        var file = Path.Combine(_tree.Base, "mm/slab.c");
        var failure = Assert.Throws<DiagnosticException>(() => PatchOverlay.Create(_tree.Base, Path.Combine(file, "overlay"), [], []));
        Assert.Equal(CoreDiagnostics.CannotWrite, Assert.Single(failure.Diagnostics).Descriptor);
    }

    [Fact]
    public void what_kbuild_generated_is_not_written_through_a_link()
    {
        _tree.Add("fs/proc/table.h", "old");
        _tree.Add("fs/proc/.table.h.cmd", "record");
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, [], ["fs/proc"]);
        overlay.CopyGenerated("fs/proc");
        File.WriteAllText(Path.Combine(overlay.Root, "fs/proc/table.h"), "new");
        Assert.Equal("old", File.ReadAllText(Path.Combine(_tree.Base, "fs/proc/table.h")));
        Assert.Equal("record", File.ReadAllText(Path.Combine(overlay.Root, "fs/proc/.table.h.cmd")));
        Assert.False(Path.Exists(Path.Combine(overlay.Root, "fs/proc/.meminfo.o.cmd")));
    }

    public void Dispose() => _tree.Dispose();

    private string? Target(string path) => new FileInfo(Path.Combine(_tree.OverlayPath, path)).LinkTarget;
}

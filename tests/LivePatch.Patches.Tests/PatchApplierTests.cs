using System.Text;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

public sealed class PatchApplierTests : IDisposable
{
    private const string Meminfo = "fs/proc/meminfo.c";

    private readonly PatchScratch _tree = new();

    [Fact]
    public async Task patches_apply_on_top_of_each_other()
    {
        var first = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN"), "1.patch");
        var second =
            _tree.Parse(
                PatchScratch.Change(Meminfo, 10, "ten").Replace("-line 10\n", "-TEN\n", StringComparison.Ordinal)
                    + PatchScratch.Change("mm/slab.c", 5, "FIVE"),
                "2.patch");
        using var overlay = _tree.Overlay(first);
        Assert.Empty(await _tree.ApplyAsync(overlay, first, second));
        Assert.Equal(PatchScratch.Numbered(40).Replace("line 10\n", "ten\n", StringComparison.Ordinal), Text(overlay, Meminfo));
        Assert.Equal("FIVE", Text(overlay, "mm/slab.c").Split('\n')[4]);
    }

    [Fact]
    public async Task files_are_added_changed_again_and_removed()
    {
        var add = _tree.Parse("--- /dev/null\n+++ b/drivers/new/x.c\n@@ -0,0 +1,2 @@\n+int x;\n+int y;\n");
        var change = _tree.Parse("--- a/drivers/new/x.c\n+++ b/drivers/new/x.c\n@@ -1,2 +1,2 @@\n int x;\n-int y;\n+int z;\n");
        var remove = _tree.Parse("--- a/include/linux/a.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-int a;\n");
        using var overlay = _tree.Overlay(add, change, remove);
        Assert.Empty(await _tree.ApplyAsync(overlay, add, change, remove));
        Assert.Equal("int x;\nint z;\n", Text(overlay, "drivers/new/x.c"));
        Assert.False(File.Exists(Path.Combine(overlay.Root, "include/linux/a.h")));

        // The directory went with its last file; making it real again must not bring the file back.
        overlay.EnsureRealDirectory("include/linux");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(overlay.Root, "include/linux")));
    }

    [Fact]
    public async Task a_rename_moves_and_changes()
    {
        var patch = _tree.Parse(
            "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 90%\nrename from mm/slab.c\nrename to mm/slub.c\n--- a/mm/slab.c\n+++ "
                + "b/mm/slub.c\n@@ -1,3 +1,3 @@\n line 1\n-line 2\n+TWO\n line 3\n");
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.False(File.Exists(Path.Combine(overlay.Root, "mm/slab.c")));
        Assert.Equal("TWO", Text(overlay, "mm/slub.c").Split('\n')[1]);
    }

    [Fact]
    public async Task a_rename_never_replaces_another_file()
    {
        var patch =
            _tree.Parse(
                "diff --git a/mm/slab.c b/fs/proc/stat.c\nsimilarity index 100%\nrename from mm/slab.c\nrename to fs/proc/stat.c\n");
        using var overlay = _tree.Overlay(patch);
        Assert.Equal(PatchDiagnostics.DoesNotApply, Assert.Single(await _tree.ApplyAsync(overlay, patch)).Descriptor);
    }

    [Fact]
    public async Task line_ends_follow_the_file()
    {
        _tree.Add("fs/dos.c", PatchScratch.Numbered(20).Replace("\n", "\r\n", StringComparison.Ordinal));
        var dosPatch = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN").Replace("\n", "\r\n", StringComparison.Ordinal));
        var unixPatch = _tree.Parse(PatchScratch.Change("fs/dos.c", 10, "TEN"));
        using var overlay = _tree.Overlay(dosPatch, unixPatch);
        Assert.Empty(await _tree.ApplyAsync(overlay, dosPatch, unixPatch));
        Assert.Equal(PatchScratch.Numbered(40).Replace("line 10\n", "TEN\n", StringComparison.Ordinal), Text(overlay, Meminfo));
        Assert.Equal(
            PatchScratch.Numbered(20)
                .Replace("line 10\n", "TEN\n", StringComparison.Ordinal)
                .Replace("\n", "\r\n", StringComparison.Ordinal),
            Text(overlay, "fs/dos.c"));
    }

    [Fact]
    public async Task bytes_that_are_no_utf8_and_odd_names_survive()
    {
        var name = "fs/ö x.c";
        _tree.Add(name, string.Empty);
        File.WriteAllBytes(Path.Combine(_tree.Base, name), [.. "/* J"u8, 0xf6, .. "rg */\nint a;"u8]);
        var patch =
            _tree.TryParse(
                [
                    .. Encoding.UTF8.GetBytes($"--- a/{name}\t\n+++ b/{name}\t\n@@ -1,2 +1,2 @@\n /* J"), 0xf6,
                    .. "rg */\n-int a;\n\\ No newline at end of file\n+int b;\n\\ No newline at end of file\n"u8]);
        Assert.NotNull(patch);
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.Equal([.. "/* J"u8, 0xf6, .. "rg */\nint b;"u8], File.ReadAllBytes(Path.Combine(overlay.Root, name)));
    }

    [Fact]
    public async Task fuzz_is_a_warning_and_an_offset_a_note()
    {
        var fuzz = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN").Replace(" line 7\n", " line seven\n", StringComparison.Ordinal));
        var offset = _tree.Parse(PatchScratch.Change("mm/slab.c", 10, "TEN").Replace("-7,7 +7,7", "-9,7 +9,7", StringComparison.Ordinal));
        using var overlay = _tree.Overlay(fuzz, offset);
        var diagnostics = await _tree.ApplyAsync(overlay, fuzz, offset);
        Assert.Equal([PatchDiagnostics.Fuzz, PatchDiagnostics.Offset], diagnostics.Select(static diagnostic => diagnostic.Descriptor));
        Assert.Equal(3, diagnostics[0].Location.Line);
        Assert.Contains("Hunk 1 of 1 for fs/proc/meminfo.c", diagnostics[0].Text, StringComparison.Ordinal);
        Assert.Contains("offset -2 lines", diagnostics[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task every_hunk_that_does_not_fit_is_shown()
    {
        var patch = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN")
            + "@@ -27,3 +27,3 @@\n line 27\n-lime 28\n+28\n line 29\n"
                + PatchScratch.Change("mm/slab.c", 9, "NINE").Replace("-line 9", "-mine 9", StringComparison.Ordinal));
        using var overlay = _tree.Overlay(patch);
        var diagnostics = await _tree.ApplyAsync(overlay, patch);
        Assert.Equal(
            [(PatchDiagnostics.DoesNotApply.Id, 12), (PatchDiagnostics.DoesNotApply.Id, 19)],
            diagnostics.Select(static diagnostic => (diagnostic.Id, diagnostic.Location.Line!.Value)));
        Assert.Contains("Hunk 2 of 2 does not fit fs/proc/meminfo.c near line 27", diagnostics[0].Text, StringComparison.Ordinal);
        Assert.Contains("lime 28", diagnostics[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n    28", diagnostics[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_hunk_that_does_not_fit_is_shown_beside_what_the_file_has()
    {
        // Ten lines further down, and one of them differs.
        var patch = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN")
            + "@@ -15,5 +15,5 @@\n line 25\n line 26\n-lime 27\n+27\n line 28\n line 29\n");
        using var overlay = _tree.Overlay(patch);
        var text = Assert.Single(await _tree.ApplyAsync(overlay, patch)).Text;
        Assert.Contains(
            "4 of its 5 lines are at line 25. It expects from line 26:\n    line 26\n    lime 27\n    line 28\n    line 29\n  and the "
                + "file has there:\n    line 26\n    line 27\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_hunk_whose_result_is_there_is_told_from_one_that_never_fitted()
    {
        var patch =
            _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN") + "@@ -20,3 +20,3 @@\n line 20\n-line 20 and a half\n+line 21\n line 22\n");
        var strange = _tree.Parse("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -5,3 +5,3 @@\n of another\n-file\n+word\n altogether\n");
        using var overlay = _tree.Overlay(patch, strange);
        var diagnostics = await _tree.ApplyAsync(overlay, patch, strange);
        Assert.Contains("at line 20 already", diagnostics[0].Text, StringComparison.Ordinal);
        Assert.Contains(
            "Nothing in the file is like it. It expects from line 5:\n    of another", diagnostics[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_is_there_already_is_told_apart_from_what_does_not_fit()
    {
        var change = _tree.Parse(PatchScratch.Change(Meminfo, 10, "TEN"));
        var add = _tree.Parse("--- /dev/null\n+++ b/mm/slab.c\n@@ -0,0 +1 @@\n+int x;\n");
        var remove = _tree.Parse("--- a/mm/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int x;\n");
        using var overlay = _tree.Overlay(change);
        Assert.Empty(await _tree.ApplyAsync(overlay, change));
        var diagnostics = await _tree.ApplyAsync(overlay, change, add, remove);
        Assert.Equal(3, diagnostics.Count);
        Assert.All(diagnostics, static diagnostic => Assert.Equal(PatchDiagnostics.AlreadyApplied, diagnostic.Descriptor));
    }

    [Fact]
    public async Task missing_files_and_removals_of_other_text_are_reported()
    {
        var missing = _tree.Parse(PatchScratch.Change("fs/gone.c", 10, "TEN"));
        var remove = _tree.Parse("--- a/mm/slab.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-line 1\n-line 2\n");
        using var overlay = _tree.Overlay(missing, remove);
        var diagnostics = await _tree.ApplyAsync(overlay, missing, remove);
        Assert.Equal(
            [PatchDiagnostics.FileMissing, PatchDiagnostics.DoesNotApply], diagnostics.Select(static diagnostic => diagnostic.Descriptor));
        Assert.Contains("not what the patch says", diagnostics[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task documentation_need_not_fit()
    {
        var patch = _tree.Parse(PatchScratch.Change("Documentation/x.rst", 10, "TEN") + PatchScratch.Change(Meminfo, 10, "TEN"));
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.Contains("TEN", Text(overlay, Meminfo), StringComparison.Ordinal);
    }

    public void Dispose() => _tree.Dispose();

    private static string Text(PatchOverlay overlay, string path) => File.ReadAllText(Path.Combine(overlay.Root, path));
}

using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

/// <summary>Which file a hunk belongs to: to the one its lines name, or the patch is refused; never to the one announced before
/// it.</summary>
public sealed class PatchNamesFitTests : IDisposable
{
    private const string Renamed =
        "diff --git a/Documentation/a.rst b/Documentation/b.rst\nsimilarity index 100%\nrename from Documentation/a.rst\nrename to "
            + "Documentation/b.rst\n";
    private const string OtherMode = "diff --git a/fs/proc/stat.c b/fs/proc/stat.c\nold mode 100644\nnew mode 100755\n";
    private const string EmptyFile = "diff --git a/fs/empty.c b/fs/empty.c\nnew file mode 100644\nindex 0000000..e69de29\n";
    private const string EmptyGone = "diff --git a/fs/Makefile b/fs/Makefile\ndeleted file mode 100644\nindex e69de29..0000000\n";

    private static readonly string Change = PatchScratch.Change("fs/proc/meminfo.c", 10, "TEN");
    private static readonly string Hunk = Change[Change.IndexOf("@@", StringComparison.Ordinal)..];

    private readonly PatchScratch _tree = new();

    [Theory]
    [InlineData(Renamed)]
    [InlineData(OtherMode)]
    [InlineData(EmptyFile)]
    [InlineData(EmptyGone)]
    public void a_header_that_is_complete_without_hunks_takes_none_of_the_next_file(string header)
    {
        var patch = _tree.Parse(header + Change);
        var file = patch.Files.Single(static item => item.Hunks.Count > 0);
        Assert.Equal(("fs/proc/meminfo.c", PatchedFileKind.Modified), (file.Path, file.Kind));
    }

    [Fact]
    public async Task a_rename_of_documentation_does_not_lose_the_fix_behind_it()
    {
        var patch = _tree.Parse(PatchScratch.Change("fs/proc/stat.c", 10, "ten") + Renamed + Change);
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.Contains("TEN", File.ReadAllText(Path.Combine(overlay.Root, "fs/proc/meminfo.c")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diff --git a/fs/proc/stat.c b/fs/proc/stat.c\nindex 123..456 100644\n")]
    [InlineData("diff --git a/fs/proc/stat.c b/fs/proc/stat.c\n")]
    [
        InlineData(
            "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 90%\nrename from mm/slab.c\nrename to mm/slub.c\nindex 123..456 "
                + "100644\n")]
    [InlineData("diff --git a/fs/new.c b/fs/new.c\nnew file mode 100644\nindex 000..456\n")]
    public void hunks_of_another_file_than_the_one_announced_are_refused(string header) =>
        Assert.Equal(PatchDiagnostics.Malformed, _tree.Rejected(header + Change).Descriptor);

    [Theory]
    [InlineData("diff --git a/fs/proc/meminfo.c b/fs/proc/stat.c\nindex 1..2 100644\n--- a/fs/proc/meminfo.c\n+++ b/fs/proc/stat.c\n")]
    [InlineData("--- a/fs/proc/meminfo.c\n+++ b/fs/proc/stat.c\n")]
    [InlineData("--- a/fs/proc/meminfo.c\n+++ b/mm/meminfo.c\n")]
    [
        InlineData(
            "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 90%\nrename from mm/slab.c\nrename to mm/slob.c\n--- a/mm/slab.c\n+++ "
                + "b/mm/slub.c\n")]
    [
        InlineData(
            "diff --git a/mm/slab.c b/mm/slub.c\nnew file mode 100644\nsimilarity index 90%\nrename from mm/slab.c\nrename to "
                + "mm/slub.c\n--- a/mm/slab.c\n+++ b/mm/slub.c\n")]
    [InlineData("diff --git a/fs/proc/stat.c b/fs/proc/stat.c\nnew file mode 100644\n--- a/fs/proc/stat.c\n+++ b/fs/proc/stat.c\n")]
    [InlineData("--- /dev/null\n+++ b/fs/added.c\n")]
    [InlineData("--- a/fs/proc/stat.c\n+++ /dev/null\n")]
    [InlineData("diff --git a/x.c b/x.c\nindex 1..2 120000\n--- a/x.c\n+++ b/x.c\n", "LP0315")]
    [InlineData("diff --git a/x.c b/x.c\nnew file mode 120000\n--- /dev/null\n+++ b/x.c\n", "LP0315")]
    [InlineData("diff --git a/x.c b/x.c\ndeleted file mode 120000\n--- a/x.c\n+++ /dev/null\n", "LP0315")]
    public void headers_that_contradict_each_other_are_refused(string header, string id = "LP0302") =>
        Assert.Equal(id, _tree.Rejected(header + Hunk).Id);

    [Theory]
    [InlineData("Index: fs/proc/stat.c\n===================================================================\n")]
    [InlineData("--- a/fs/proc/stat.c\n")]
    [InlineData("diff -u a/fs/proc/stat.c b/fs/proc/stat.c\n")]
    [InlineData("-- \n2.39.5\n\n")]
    public void a_hunk_after_other_text_is_nobodys(string between)
    {
        var second = "@@ -27,4 +27,4 @@\n line 27\n-line 28\n+28\n line 29\n line 30\n";
        Assert.Equal(PatchDiagnostics.Malformed, _tree.Rejected(Change + between + second).Descriptor);
        Assert.Equal(2, Assert.Single(_tree.Parse(Change + second).Files).Hunks.Count);
    }

    [Theory]
    [InlineData("Only in linux-6.1/fs: lost.c\n")]
    [InlineData("Only in b/: lost.c\n")]
    public void a_file_that_diff_left_out_is_missed(string line) =>
        Assert.Equal(PatchDiagnostics.Malformed, _tree.Rejected(line + Change).Descriptor);

    [Theory]
    [InlineData("12c12\n< a\n---\n> b\n")]
    [InlineData("12c\nb\n.\nw\n")]
    [InlineData("Index: fs/proc/stat.c\n==========\n")]
    public void what_is_no_unified_diff_holds_no_change(string text) =>
        Assert.Equal(PatchDiagnostics.Empty, _tree.Rejected(text).Descriptor);

    [Fact]
    public void an_ed_script_under_the_names_of_a_diff_is_no_hunk() =>
        Assert.Equal(
            PatchDiagnostics.Malformed, _tree.Rejected("--- a/fs/proc/stat.c\n+++ b/fs/proc/stat.c\n1c\n!touch /tmp/x\n.\nw\n").Descriptor);

    [Fact]
    public void text_after_the_last_hunk_is_not_read_as_a_part_of_it()
    {
        var file = Assert.Single(_tree.Parse(Change + "\nThat is all.\n1c\n!touch /tmp/x\n.\n").Files);
        Assert.DoesNotContain(Assert.Single(file.Hunks).Lines, static line => line.Contains("touch", StringComparison.Ordinal));
    }

    [Fact]
    public void a_patch_of_more_bytes_or_hunks_than_a_fix_has_is_refused_before_it_is_taken_apart()
    {
        var hunks =
            string.Concat(Enumerable.Range(0, PatchLimits.Hunks + 1).Select(static index => $"@@ -{index + 1} +{index + 1} @@\n-a\n+b\n"));
        Assert.Equal(PatchDiagnostics.TooLarge, _tree.Rejected("--- a/mm/slab.c\n+++ b/mm/slab.c\n" + hunks).Descriptor);
        Assert.Null(_tree.TryParse(new byte[PatchLimits.Bytes + 1]));
        Assert.Equal(PatchDiagnostics.TooLarge, Assert.Single(_tree.Diagnostics).Descriptor);
    }

    [Fact]
    public void a_patch_without_end_is_read_no_further_than_needed()
    {
        Assert.Null(PatchFile.TryRead("/dev/zero", _tree.Exists, _tree.Diagnostics));
        Assert.Equal(PatchDiagnostics.TooLarge, Assert.Single(_tree.Diagnostics).Descriptor);
    }

    public void Dispose() => _tree.Dispose();
}

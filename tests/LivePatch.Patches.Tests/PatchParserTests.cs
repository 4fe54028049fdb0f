using System.Text;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

public sealed class PatchParserTests : IDisposable
{
    private const string Path = "fs/proc/meminfo.c";

    private readonly PatchScratch _tree = new();

    [Fact]
    public void a_git_mail_is_read_without_its_prose_and_signature()
    {
        var patch = _tree.Parse(
            "From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n- a list\n+ another\n---\n fs/proc/meminfo.c | 2 +-\n\n"
            + $"diff --git a/{Path} b/{Path}\nindex 123..456 100644\n" + PatchScratch.Change(Path, 10, "TEN") + "-- \n2.39.5\n\n");
        var file = Assert.Single(patch.Files);
        Assert.Equal((Path, Path, PatchedFileKind.Modified), (file.OldPath, file.NewPath, file.Kind));
        var hunk = Assert.Single(file.Hunks);
        Assert.Equal((7, 7, 7, 7, 13), (hunk.OldStart, hunk.OldCount, hunk.NewStart, hunk.NewCount, hunk.PatchLine));
        Assert.Equal(["-line 10", "+TEN"], hunk.Lines.Where(static line => line[0] != ' '));
    }

    [Theory]
    [InlineData("a/fs/proc/meminfo.c", "b/fs/proc/meminfo.c")]
    [
        InlineData(
            "linux-6.1.orig/fs/proc/meminfo.c\t2024-01-01 00:00:00.000000000 +0100",
            "linux-6.1/fs/proc/meminfo.c\t2024-01-02 00:00:00.000000000 +0100")]
    [InlineData("fs/proc/meminfo.c", "fs/proc/meminfo.c")]
    [InlineData("a/linux-6.1/fs/proc/meminfo.c", "b/linux-6.1/fs/proc/meminfo.c")]
    [InlineData("build/a/linux/fs/proc/meminfo.c", "build/b/linux/fs/proc/meminfo.c")]
    [InlineData("fs/proc/meminfo.c.orig\t2024-01-01 00:00:00", "fs/proc/meminfo.c")]
    [InlineData("./fs/proc/meminfo.c", "./fs/proc/meminfo.c")]
    [InlineData("a/fs/proc/meminfo.c  2005-01-01 10:00:00.000", "b/fs/proc/meminfo.c")]
    [InlineData("\"a/fs/proc/memin\\146o.c\"", "\"b/fs/proc/meminfo.c\"")]
    public void the_tree_decides_how_much_of_a_name_is_prefix(string old, string @new)
    {
        var change = PatchScratch.Change(Path, 10, "TEN");
        var patch = _tree.Parse($"--- {old}\n+++ {@new}\n{change[change.IndexOf("@@", StringComparison.Ordinal)..]}");
        Assert.Equal(Path, Assert.Single(patch.Files).Path);
    }

    [Theory]
    [InlineData("--- /dev/null\n+++ b/fs/proc/new.c\n")]
    [InlineData("--- /dev/null\n+++ fs/proc/new.c\n")]
    [InlineData("--- fs/proc/new.c\t1970-01-01 01:00:00.000000000 +0100\n+++ fs/proc/new.c\t2024-01-02 00:00:00.000000000 +0100\n")]
    [InlineData("diff --git a/fs/proc/new.c b/fs/proc/new.c\nnew file mode 100644\nindex 000..123\n--- /dev/null\n+++ b/fs/proc/new.c\n")]
    public void a_new_file_is_added_whichever_way_the_diff_says_it(string header)
    {
        var file = Assert.Single(_tree.Parse(header + "@@ -0,0 +1 @@\n+int x;\n").Files);
        Assert.Equal(("fs/proc/new.c", PatchedFileKind.Added), (file.Path, file.Kind));
    }

    [Fact]
    public void empty_new_files_pure_renames_and_quoted_names_need_only_gits_headers()
    {
        var patch = _tree.Parse(
            "diff --git a/fs/empty file.c b/fs/empty file.c\nnew file mode 100644\nindex 000000000000..e69de29bb2d1\n"
            + "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 100%\nrename from mm/slab.c\nrename to mm/slub.c\n"
            + "diff --git \"a/fs/\\303\\266.c\" \"b/fs/\\303\\266.c\"\ndeleted file mode 100644\nindex e69de29..0000000\n"
            + "diff --git a/fs/Makefile b/fs/Makefile\nold mode 100644\nnew mode 100755\n");
        Assert.Equal(
            [
                ("fs/empty file.c", "fs/empty file.c", PatchedFileKind.Added), ("mm/slab.c", "mm/slub.c", PatchedFileKind.Renamed),
                ("fs/ö.c", "fs/ö.c", PatchedFileKind.Deleted)],
            patch.Files.Select(static file => (file.OldPath, file.NewPath, file.Kind)));
    }

    [Fact]
    public void removed_lines_that_look_like_headers_belong_to_their_hunk()
    {
        var patch =
            _tree.Parse(
                "--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,3 +1,3 @@\n line 1\n--- a/x\n+++ b/x\n line 3\n\\ No newline at end of file\n");
        Assert.Equal([" line 1", "--- a/x", "+++ b/x", " line 3", "\\ No newline at end of file"], patch.Files[0].Hunks[0].Lines);
    }

    [Fact]
    public void dos_line_ends_of_the_whole_patch_go_and_those_of_the_text_stay()
    {
        var change = PatchScratch.Change("mm/slab.c", 10, "TEN");
        Assert.DoesNotContain(
            _tree.Parse(change.Replace("\n", "\r\n", StringComparison.Ordinal)).Files[0].Hunks[0].Lines,
            static line => line.EndsWith('\r'));
        var lines = _tree.Parse(change.Replace("TEN\n", "TEN\r\n", StringComparison.Ordinal)).Files[0].Hunks[0].Lines;
        Assert.Equal(["+TEN\r"], lines.Where(static line => line.EndsWith('\r')));
    }

    [Theory]
    [InlineData("", "LP0301")]
    [InlineData("Just a mail.\n", "LP0301")]
    [InlineData("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "LP0301")]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,2 +1,x @@\n a\n", "LP0302", 3)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n", "LP0302", 3)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n+d\n", "LP0302", 7)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,2 +1,2 @@\n a\n-b\n-c\n", "LP0302", 6)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,2 +1,2 @@\n a\nb\n", "LP0302", 5)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -9,1 +9,1 @@\n-a\n+b\n@@ -4,1 +4,1 @@\n-a\n+b\n", "LP0302", 6)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1 +1 @@\n-a\n+return -EINV", "LP0302", 5)]
    [InlineData("@@ -1,1 +1,1 @@\n-a\n+b\n", "LP0302", 1)]
    [InlineData("--- a/mm/slab.c\n+++ b/mm/slab.c\n", "LP0302", 1)]
    [InlineData("diff --git a/x b/x\nnew file mode 100644\n", "LP0302", 1)]
    [InlineData("diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n", "LP0302", 1)]
    [InlineData("diff --git a/x b/y\nsimilarity index 90%\ncopy from x\ncopy to y\n", "LP0302", 3)]
    [InlineData("*** a/x.c\n--- b/x.c\n***************\n*** 1 ****\n", "LP0302", 3)]
    [InlineData("--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "LP0306", 1)]
    [InlineData("--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "LP0306", 1)]
    [InlineData("--- a//etc/passwd\n+++ b//etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "LP0306", 1)]
    [InlineData("diff --git a/mm/slab.c b/../x\nsimilarity index 100%\nrename from mm/slab.c\nrename to ../x\n", "LP0306", 1)]
    [InlineData("diff --git a/x.bin b/x.bin\nindex 1..2 100644\nGIT binary patch\nliteral 3\n", "LP0315", 3)]
    [InlineData("Binary files a/x.bin and b/x.bin differ\n", "LP0315", 1)]
    public void a_bad_patch_is_named_with_its_line(string text, string id, int? line = null)
    {
        var diagnostic = _tree.Rejected(text);
        Assert.Equal((id, "test.patch", line), (diagnostic.Id, diagnostic.Location.File, diagnostic.Location.Line));
        Assert.NotEmpty(diagnostic.Remedy);
    }

    [Fact]
    public void a_missing_patch_or_a_directory_is_reported()
    {
        Assert.Null(PatchFile.TryRead("/nonexistent/x.patch", _tree.Exists, _tree.Diagnostics));
        Assert.Null(PatchFile.TryRead(_tree.Base, _tree.Exists, _tree.Diagnostics));
        Assert.All(_tree.Diagnostics, static diagnostic => Assert.Equal(CoreDiagnostics.CannotRead, diagnostic.Descriptor));
        Assert.Equal(2, _tree.Diagnostics.Count);
    }

    [Fact]
    public void a_patch_cut_at_any_byte_is_rejected_or_a_whole_number_of_hunks()
    {
        var text = $"Subject: x\n\ndiff --git a/{Path} b/{Path}\nindex 123..456 100644\n" + PatchScratch.Change(Path, 10, "TEN")
            + "@@ -27,4 +27,4 @@\n line 27\n-line 28\n+28\n line 29\n line 30\n"
            + "diff --git a/fs/n.c b/fs/n.c\nnew file mode 100644\nindex 000..123\n--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1,2 @@\n+a\n+b\n"
            + "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 90%\nrename from mm/slab.c\nrename to mm/slub.c\nindex 123..456 "
            + "100644\n"
            + "--- a/mm/slab.c\n+++ b/mm/slub.c\n@@ -1,2 +1,2 @@\n line 1\n-line 2\n+2\n-- \n2.39\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal([2, 1, 1], _tree.Parse(text).Files.Select(static file => file.Hunks.Count));

        // Where a cut leaves a whole, smaller patch nothing can tell; everywhere else it must be told.
        var accepted = new SortedSet<int>();
        for (var length = 0; length < bytes.Length; length++)
        {
            _tree.Diagnostics.Clear();
            if (_tree.TryParse(bytes[..length]) is { } patch)
            {
                accepted.Add(text[..length].Count(static c => c == '\n'));
                Assert.All(patch.Files, static file => Assert.NotEmpty(file.Hunks));
            }
            else
            {
                Assert.True(_tree.Diagnostics.HasFatal);
            }
        }

        var lines = text.Split('\n');
        int LineOf(string start) => Array.FindIndex(lines, line => line.StartsWith(start, StringComparison.Ordinal));
        var ends = new[] { LineOf("@@ -27"), LineOf("diff --git a/fs/n.c"), LineOf("diff --git a/mm"), LineOf("-- "), lines.Length - 2 };
        Assert.All(accepted, line => Assert.True(ends.Any(end => line == end), $"a cut in line {line + 1} was accepted: {lines[line]}"));
        Assert.Contains(ends[0], accepted);
    }

    [Theory]
    [InlineData("1f8b0800", "LP0302", "compressed")]
    [InlineData("fd377a585a00", "LP0302", "compressed")]
    [InlineData("28b52ffd", "LP0302", "compressed")]
    [InlineData("fffe2d00", "LP0302", "UTF-16")]
    public void what_is_no_plain_text_is_named(string hex, string id, string text)
    {
        Assert.Null(_tree.TryParse(Convert.FromHexString(hex)));
        var diagnostic = Assert.Single(_tree.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(text, diagnostic.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _tree.Dispose();
}

using System.Diagnostics;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

/// <summary>Patches made to do harm: names that mean something to make or a shell, and more work than a fix is.</summary>
public sealed class PatchHostileTests : IDisposable
{
    private readonly PatchScratch _tree = new();

    [Theory]
    [InlineData("fs/proc/a$(shell touch x).c")]
    [InlineData("fs/proc/a`touch x`.c")]
    [InlineData("fs/proc/a;touch x.c")]
    [InlineData("fs/proc/a b.c")]
    [InlineData("fs/proc/a\"b.c")]
    [InlineData("fs/proc/a'b.c")]
    [InlineData("fs/proc/a\\b.c")]
    [InlineData("fs/proc/a#b.c")]
    [InlineData("fs/proc/a%b.c")]
    [InlineData("fs/proc/a:b.c")]
    [InlineData("fs/proc/a=b.c")]
    [InlineData("fs/proc/a|b.c")]
    [InlineData("fs/proc/a&b.c")]
    [InlineData("fs/proc/a>b.c")]
    [InlineData("fs/proc/a*b.h")]
    [InlineData("fs/proc/a?b.h")]
    [InlineData("fs/proc/~b.h")]
    [InlineData("fs/proc/@b.h")]
    [InlineData("fs/proc/ö.c")]
    [InlineData("fs/proc/a\u202eb.c")]
    [InlineData("fs/-x/b.c")]
    [InlineData("-x/b.c")]
    [InlineData("fs/proc/-b.h")]
    [InlineData("$(shell touch x)/Makefile")]
    [InlineData("fs/proc/Kconfig.$(shell touch x)")]
    public void a_name_that_make_or_a_shell_reads_as_more_than_a_name_is_refused(string path)
    {
        var quoted = "\"b/" + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
        var patch = _tree.Parse($"--- /dev/null\n+++ {quoted}\n@@ -0,0 +1 @@\n+int x;\n");
        Assert.Equal(path, Assert.Single(patch.Files).Path);
        PatchClassifier.Classify([patch], _tree.Exists, _tree.Diagnostics);
        Assert.Equal(PatchDiagnostics.UnsafeName, Assert.Single(_tree.Diagnostics).Descriptor);
    }

    [Theory]
    [InlineData("arch/powerpc/perf/power5+-pmu.c")]
    [InlineData("include/dt-bindings/clock/qcom,rpmh.h")]
    [InlineData("include/linux/a.h")]
    public void names_the_kernel_has_are_none_of_these(string path)
    {
        PatchClassifier.Classify([_tree.Parse(PatchScratch.Change(path, 10, "x"))], _tree.Exists, _tree.Diagnostics);
        Assert.DoesNotContain(_tree.Diagnostics, static item => item.IsFatal);
    }

    [Theory]
    [InlineData("\"a/fs/proc/x\\ny.c\"", "LP0302")]
    [InlineData("\"a/fs/proc/x\\033[2Jy.c\"", "LP0302")]
    [InlineData("\"a/fs/\\056\\056/\\056\\056/y.c\"", "LP0306")]
    [InlineData("\"/etc/passwd\"", "LP0306")]
    [InlineData("a/fs/../../y.c", "LP0306")]
    [InlineData("a/fs/..", "LP0306")]
    [InlineData("a/fs/proc/", "LP0302")]
    public void a_name_that_leaves_the_tree_or_the_line_is_refused(string name, string id) =>
        Assert.Equal(id, _tree.Rejected($"--- {name}\n+++ {name}\n@@ -1 +1 @@\n-a\n+b\n").Id);

    [Theory]
    [InlineData("include/config/auto.conf")]
    [InlineData(".config")]
    [InlineData("GNUmakefile")]
    [InlineData("makefile")]
    [InlineData("localversion-x")]
    [InlineData("fs/proc/.meminfo.o.cmd")]
    [InlineData("fs/proc/.meminfo.o.d")]
    [InlineData("fs/proc/rules.mk")]
    [InlineData("fs/proc/gen.sh")]
    [InlineData("fs/proc/gen.pl")]
    [InlineData("fs/proc/gen.py")]
    [InlineData("fs/proc/gen.awk")]
    [InlineData("fs/proc/t.tbl")]
    [InlineData("fs/proc/t.y")]
    [InlineData("fs/proc/t.l")]
    [InlineData("fs/proc/t.c_shipped")]
    [InlineData("fs/proc/t.o_shipped")]
    [InlineData("fs/proc/t.o")]
    [InlineData("fs/proc/t.inc")]
    [InlineData("fs/proc/t")]
    [InlineData("scripts/Makefile.build", "LP0313 later")]
    [InlineData("scripts/Kbuild.include", "LP0313 later")]
    [InlineData("Makefile", "LP0313 later")]
    public void what_tools_in_the_tree_read_is_refused_by_kind(string path, string id = "LP0314")
    {
        var plan =
            PatchClassifier.Classify([_tree.Parse($"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n")], _tree.Exists, _tree.Diagnostics);
        if (id == "LP0314")
        {
            Assert.Equal(id, Assert.Single(_tree.Diagnostics).Id);
        }
        else
        {
            Assert.Equal(path, Assert.Single(plan.BuildFiles).Path);
        }
    }

    [Theory]
    [InlineData("scripts/mod/modpost.c")]
    [InlineData("scripts/kconfig/conf.c")]
    [InlineData("scripts/basic/fixdep.c")]
    [InlineData("scripts/setlocalversion")]
    [InlineData("scripts/recordmcount.pl")]
    [InlineData("tools/objtool/check.c")]
    [InlineData("tools/include/linux/types.h")]
    [InlineData("samples/Makefile")]
    public async Task tools_of_the_build_are_left_as_they_are(string path)
    {
        _tree.Add(path, PatchScratch.Numbered(20));
        var patch = _tree.Parse(PatchScratch.Change(path, 10, "evil"));
        using var overlay = _tree.Overlay();
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.DoesNotContain("evil", File.ReadAllText(Path.Combine(overlay.Root, path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fs/proc/meminfo.c/x.c")]
    [InlineData("fs/proc/Makefile/x.h")]
    [InlineData("mm/slab.c/a/b/x.c")]
    public async Task a_file_does_not_become_a_directory(string path)
    {
        var patch = _tree.Parse($"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+int x;\n");
        using var overlay = PatchOverlay.Create(_tree.Base, _tree.OverlayPath, [], []);
        Assert.Equal(PatchDiagnostics.DoesNotApply, Assert.Single(await _tree.ApplyAsync(overlay, patch)).Descriptor);
        Assert.True(File.Exists(Path.Combine(overlay.Root, "fs/proc/meminfo.c")));
    }

    [Fact]
    public async Task new_files_are_written_as_they_are()
    {
        var patch = _tree.Parse(
            "--- /dev/null\n+++ b/fs/a.c\n@@ -0,0 +1,2 @@\n+int a;\n+int b;\n\\ No newline at end of file\n"
            + "diff --git a/fs/b.c b/fs/b.c\nnew file mode 100644\nindex 0000000..e69de29\n--- /dev/null\n+++ b/fs/c.c\n@@ -0,0 +1 "
            + "@@\n+1c\n");
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        Assert.Equal("int a;\nint b;", File.ReadAllText(Path.Combine(overlay.Root, "fs/a.c")));
        Assert.Empty(File.ReadAllText(Path.Combine(overlay.Root, "fs/b.c")));
        Assert.Equal("1c\n", File.ReadAllText(Path.Combine(overlay.Root, "fs/c.c")));
    }

    [Theory]
    [InlineData(PatchLimits.AddedFiles + 1, true)]
    [InlineData(PatchLimits.AddedFiles, false)]
    public void more_new_files_than_a_fix_has_are_refused(int count, bool isRefused)
    {
        var text =
            string.Concat(
                Enumerable.Range(0, count).Select(static index => $"--- /dev/null\n+++ b/fs/proc/n{index}.c\n@@ -0,0 +1 @@\n+int x;\n"));
        PatchClassifier.Classify([_tree.Parse(text)], _tree.Exists, _tree.Diagnostics);
        Assert.Equal(isRefused, _tree.Diagnostics.Any(static item => item.Descriptor == PatchDiagnostics.TooLarge));
    }

    [Fact]
    public async Task of_many_hunks_that_do_not_fit_a_few_are_shown_and_the_others_counted()
    {
        _tree.Add("fs/big.c", PatchScratch.Numbered(5000));
        var hunks =
            string.Concat(Enumerable.Range(1, 2000).Select(static index => $"@@ -{index * 2},1 +{index * 2},1 @@\n-no such line\n+b\n"));
        var patch = _tree.Parse("--- a/fs/big.c\n+++ b/fs/big.c\n" + hunks);
        using var overlay = _tree.Overlay(patch);
        var clock = Stopwatch.StartNew();
        var found = await _tree.ApplyAsync(overlay, patch);
        Assert.Equal(PatchLimits.ShownHunks + 1, found.Count);
        Assert.All(found, static item => Assert.Equal(PatchDiagnostics.DoesNotApply, item.Descriptor));
        Assert.Contains($"{2000 - PatchLimits.ShownHunks} more hunks of 2000", found[^1].Text, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task patches_in_the_wrong_order_are_told_their_order()
    {
        var first = PatchScratch.Change("mm/slab.c", 10, "TEN");
        var second = _tree.Parse(first.Replace("-line 10\n+TEN", "-TEN\n+ten", StringComparison.Ordinal), "b.patch");
        using var overlay = _tree.Overlay(second);
        var failure =
            Assert.Single(
                await _tree.ApplyAsync(overlay, second, _tree.Parse(first, "a.patch")), static item => item.Location.File == "b.patch");
        Assert.StartsWith(
            "Patches are applied in the order they are given. a.patch comes after this one", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_patch_of_a_file_that_a_later_one_adds_is_told_so()
    {
        var change = _tree.Parse("--- a/fs/n.c\n+++ b/fs/n.c\n@@ -1 +1 @@\n-int x;\n+int y;\n", "1.patch");
        var add = _tree.Parse("--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1 @@\n+int x;\n", "2.patch");
        using var overlay = _tree.Overlay(change, add);
        var failure = Assert.Single(await _tree.ApplyAsync(overlay, change, add));
        Assert.Equal(PatchDiagnostics.FileMissing, failure.Descriptor);
        Assert.Contains("2.patch comes after this one", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_same_patch_given_twice_is_told_of_the_first()
    {
        var text = PatchScratch.Change("mm/slab.c", 10, "TEN");
        var (first, second) = (_tree.Parse(text, "1.patch"), _tree.Parse(text, "2.patch"));
        using var overlay = _tree.Overlay(first);
        var failure = Assert.Single(await _tree.ApplyAsync(overlay, first, second));
        Assert.Equal(PatchDiagnostics.AlreadyApplied, failure.Descriptor);
        Assert.Contains("1.patch has changed mm/slab.c before", failure.Remedy, StringComparison.Ordinal);
    }

    public void Dispose() => _tree.Dispose();
}

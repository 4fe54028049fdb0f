using Xunit;

namespace LivePatch.Patches.Tests;

public sealed class LineMapTests : IDisposable
{
    private const string Path = "mm/slab.c";

    private readonly PatchScratch _tree = new();

    [Fact]
    public void without_a_patch_of_the_file_lines_stay()
    {
        var map = LineMap.For([_tree.Parse(PatchScratch.Change("fs/proc/stat.c", 10, "TEN"))], Path, 20);
        Assert.Equal(Enumerable.Range(1, 20), Enumerable.Range(1, 20).Select(line => map[line]));
    }

    [Theory]
    [InlineData("@@ -4,3 +4,4 @@\n line 4\n+new\n line 5\n line 6\n")]
    [InlineData("@@ -4,0 +5,1 @@\n+new\n")]
    [InlineData("@@ -4,0 +5 @@\n+new\n@@ -9,1 +10,1 @@\n-line 9\n+NINE\n")]
    [InlineData("@@ -2,2 +1,0 @@\n-line 2\n-line 3\n")]
    [InlineData("@@ -1,2 +0,0 @@\n-line 1\n-line 2\n@@ -20,0 +19,2 @@\n+x\n+y\n")]
    [InlineData("@@ -0,0 +1,2 @@\n+x\n+y\n@@ -6,3 +8,2 @@\n line 6\n-line 7\n line 8\n")]
    public async Task lines_go_where_patch_puts_them(string hunks)
    {
        var patch = _tree.Parse($"--- a/{Path}\n+++ b/{Path}\n{hunks}");
        using var overlay = _tree.Overlay(patch);
        Assert.Empty(await _tree.ApplyAsync(overlay, patch));
        var patched = File.ReadAllLines(System.IO.Path.Combine(overlay.Root, Path));
        AssertMaps(LineMap.For([patch], Path, 20), patched);
    }

    [Fact]
    public async Task several_patches_add_up()
    {
        var first = _tree.Parse($"--- a/{Path}\n+++ b/{Path}\n@@ -4,0 +5,2 @@\n+new\n+newer\n");
        var second = _tree.Parse($"--- a/{Path}\n+++ b/{Path}\n@@ -6,2 +6,1 @@\n-newer\n-line 5\n+five\n");
        using var overlay = _tree.Overlay(first);
        Assert.Empty(await _tree.ApplyAsync(overlay, first, second));
        var map = LineMap.For([first, second], Path, 20);
        AssertMaps(map, File.ReadAllLines(System.IO.Path.Combine(overlay.Root, Path)));
        Assert.False(map.ContainsKey(5));
    }

    public void Dispose() => _tree.Dispose();

    private static void AssertMaps(IReadOnlyDictionary<int, int> map, string[] patched)
    {
        foreach (var line in Enumerable.Range(1, 20))
        {
            var at = Array.IndexOf(patched, $"line {line}") + 1;
            Assert.Equal((line, at), (line, map.GetValueOrDefault(line)));
        }
    }
}

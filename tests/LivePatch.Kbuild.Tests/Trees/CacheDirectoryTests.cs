using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Trees;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Trees;

/// <summary>Which directories may be a cache, and what is removed in one.</summary>
public sealed class CacheDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.File("cache");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void a_directory_that_is_not_there_or_empty_becomes_a_cache_and_stays_one()
    {
        Directory.CreateDirectory(_directory.File("empty"));
        foreach (var path in (string[])[Root, _directory.File("empty"), _directory.File("deep/er/cache")])
        {
            Assert.Equal(path, new CacheDirectory(path).Root);
            Assert.True(Directory.Exists(new CacheDirectory(path).Logs));
            Assert.Equal(path, new CacheDirectory(path).Root);
        }
    }

    [Theory]
    [InlineData("logs/mine.log")]
    [InlineData("tmp/2024-photos/one.jpg")]
    [InlineData("kernels/mine")]
    [InlineData("letter")]
    public void a_directory_of_somebody_s_own_is_refused_and_nothing_is_written_to_it(string file)
    {
        _directory.Write("cache/" + file, "x");
        var failure = Assert.Throws<DiagnosticException>(() => new CacheDirectory(Root));
        Assert.Equal("LP0006", Assert.Single(failure.Diagnostics).Id);
        Assert.Equal(
            [_directory.File("cache/" + file)],
            Directory.GetFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("tmp")]
    [InlineData("images")]
    [InlineData("kernels")]
    public void a_part_that_is_a_link_is_refused_and_not_followed(string part)
    {
        var cache = new CacheDirectory(Root);
        var outside = Directory.CreateDirectory(_directory.File("outside")).FullName;
        _directory.Write("outside/x-20200101-000000-000.log", "x");
        Directory.CreateSymbolicLink(Path.Combine(Root, part), outside);
        var failure = Assert.Throws<DiagnosticException>(() =>
        {
            _ = part switch
            {
                "logs" => cache.Logs,
                "images" => cache.Images,
                "tmp" => cache.NewTemporary(keep: false).Path,
                _ => cache.ForKernel("6.1", "0123456789abcdef"),
            };
        });
        Assert.Equal("LP0007", Assert.Single(failure.Diagnostics).Id);
        Assert.Single(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void the_cache_itself_may_be_a_link()
    {
        var place = Directory.CreateDirectory(_directory.File("place")).FullName;
        Directory.CreateSymbolicLink(Root, place);
        Assert.StartsWith(place, new CacheDirectory(Root).Logs, StringComparison.Ordinal);
    }

    [Fact]
    public void a_file_in_the_place_of_a_part_is_moved_aside()
    {
        var cache = new CacheDirectory(Root);
        _directory.Write("cache/logs", "somebody's");
        Assert.True(Directory.Exists(cache.Logs));
        Assert.Equal("somebody's", File.ReadAllText(Assert.Single(Directory.GetFiles(Root, "logs.set-aside-*"))));
    }

    [Fact]
    public void of_the_logs_only_old_ones_of_our_own_are_removed()
    {
        var cache = new CacheDirectory(Root);
        var own =
            Enumerable.Range(0, 30)
                .Select(static number => string.Create(CultureInfo.InvariantCulture, $"verify-20260101-0000{number:d2}-000.log"))
                .ToList();
        string[] others = ["mine.log", "2024-01-01.log", "notes-20260101.log", "verify-20260101-000000-000.log.txt"];
        foreach (var name in own.Concat(others))
        {
            File.WriteAllText(Path.Combine(cache.Logs, name), "x");
        }

        Directory.CreateDirectory(Path.Combine(cache.Logs, "x-20200101-000000-000.log"));
        File.CreateSymbolicLink(Path.Combine(cache.Logs, "y-20200101-000000-000.log"), Path.Combine(cache.Logs, "mine.log"));

        // The time in the name counts: that of the file is another after a copy.
        File.SetLastWriteTimeUtc(Path.Combine(cache.Logs, own[0]), DateTime.UtcNow.AddDays(1));
        cache.RemoveOldLogs(20);
        Assert.Equal(
            own[10..].Concat(others).Append("x-20200101-000000-000.log").Append("y-20200101-000000-000.log").Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(cache.Logs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void another_user_s_cache_is_not_used()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a directory away");
        _ = new CacheDirectory(Root);
        Assert.True(Tool.Run("chown", "12345", Root).Succeeded);
        var failure = Assert.Throws<DiagnosticException>(() => new CacheDirectory(Root));
        Assert.Equal("LP0008", Assert.Single(failure.Diagnostics).Id);
    }
}

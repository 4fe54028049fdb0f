using System.Diagnostics;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Core.Tests;

/// <summary>Temporary directories, and the locks that tell whether their runs have ended.</summary>
public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void a_lock_is_held_once_until_it_is_given_up()
    {
        var path = _directory.File("lock");
        using (FileLock.TryTake(path))
        {
            Assert.Null(FileLock.TryTake(path));
        }

        using var again = FileLock.TryTake(path);
        Assert.NotNull(again);
    }

    /// <summary>What flock(1) holds in a process that is no child of ours, and dies by SIGKILL.</summary>
    [Fact]
    public async Task a_lock_ends_with_the_process_that_held_it()
    {
        var path = _directory.File("lock");
        using var holder =
            Process.Start(
                new ProcessStartInfo("flock", [path, "sh", "-c", "echo held; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(FileLock.TryTake(path));
        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        FileLock? held = null;
        for (var attempt = 0; held is null && attempt < 100; attempt++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            held = FileLock.TryTake(path);
        }

        Assert.NotNull(held);
        held.Dispose();
    }

    [Fact]
    public void a_lock_that_cannot_be_made_is_a_diagnostic()
    {
        Directory.CreateDirectory(_directory.File("lock"));
        var failure = Assert.Throws<DiagnosticException>(() => FileLock.TryTake(_directory.File("lock")));
        Assert.Equal(CoreDiagnostics.CannotWrite, Assert.Single(failure.Diagnostics).Descriptor);
    }

    [Fact]
    public void a_directory_goes_with_its_run_and_what_links_lead_to_stays()
    {
        var outside = Directory.CreateDirectory(_directory.File("outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "file"), "x");
        var parent = Directory.CreateDirectory(_directory.File("tmp")).FullName;
        string path;
        using (var run = RunDirectory.Make(parent))
        {
            path = run.Path;
            Directory.CreateSymbolicLink(Path.Combine(path, "link"), outside);
            Directory.CreateDirectory(Path.Combine(path, "deep", "er"));
            File.CreateSymbolicLink(Path.Combine(path, "deep", "dangling"), "/nonexistent");
        }

        Assert.False(Path.Exists(path));
        Assert.True(File.Exists(Path.Combine(outside, "file")));
    }

    [Fact]
    public void a_run_that_goes_on_keeps_its_directory_and_one_that_was_killed_loses_it()
    {
        using var running = RunDirectory.Make(_directory.Path);
        var killed = Directory.CreateDirectory(_directory.File("run-killed12.abc")).FullName;
        File.WriteAllText(Path.Combine(killed, ".klp-build-run"), string.Empty);
        File.WriteAllText(Path.Combine(killed, "half"), "x");
        using var next = RunDirectory.Make(_directory.Path);
        Assert.True(Directory.Exists(running.Path));
        Assert.False(Directory.Exists(killed));
    }

    /// <summary>With process ids, a name like this one was of a process that is gone.</summary>
    [Fact]
    public void what_has_no_mark_stays_whatever_its_name()
    {
        string[] names = ["2024-photos", "99999999-abcdef.ghi", "run-mine", "run-linked"];
        foreach (var name in names[..3])
        {
            Directory.CreateDirectory(_directory.File(name));
            File.WriteAllText(_directory.File(name + "/file"), "x");
        }

        // Neither a link to a marked directory nor a directory with a link for a mark.
        using var elsewhere = new TemporaryDirectory();
        File.WriteAllText(elsewhere.File(".klp-build-run"), string.Empty);
        Directory.CreateSymbolicLink(_directory.File("run-linked"), elsewhere.Path);
        File.CreateSymbolicLink(_directory.File("run-mine/.klp-build-run"), elsewhere.File(".klp-build-run"));
        RunDirectory.Make(_directory.Path).Dispose();
        Assert.All(names, name => Assert.True(Directory.Exists(_directory.File(name)), name));
        Assert.True(File.Exists(elsewhere.File(".klp-build-run")));
    }

    [Fact]
    public void what_is_to_be_kept_outlives_its_run_and_the_next()
    {
        string path;
        using (var run = RunDirectory.Make(_directory.Path, keep: true))
        {
            path = run.Path;
            File.WriteAllText(Path.Combine(path, "file"), "x");
        }

        RunDirectory.Make(_directory.Path).Dispose();
        Assert.True(File.Exists(Path.Combine(path, "file")));
    }
}

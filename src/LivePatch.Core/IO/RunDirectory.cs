using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.IO;

/// <summary>
/// A temporary directory of one run. It goes when the run ends; what a run that was killed left behind goes when the next one comes.
///
/// That a run has ended is told by its lock (<see cref="FileLock"/>) and by nothing else: its process id may be another process's by now,
/// or be no process's in this container. The lock is on a file inside, which also says that the directory is one of these: a
/// directory without it is never touched. Making and clearing away exclude each other by a lock on the parent.
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private const string Prefix = "run-";
    private const string Mark = ".klp-build-run";
    private const string ParentLock = ".klp-build-lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly FileLock? _lock;

    private RunDirectory(string path, FileLock? held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Makes one, and removes those of runs that have ended.</summary>
    /// <param name="parent">Where; there already.</param>
    /// <param name="keep">It stays for good: it gets no mark, and so nobody removes it.</param>
    /// <exception cref="DiagnosticException">It cannot be made (LP0002).</exception>
    public static RunDirectory Make(string parent, bool keep = false)
    {
        FileLock? alone;
        while ((alone = FileLock.TryTake(System.IO.Path.Combine(parent, ParentLock))) is null)
        {
            Thread.Sleep(Pause);
        }

        using (alone)
        {
            RemoveAbandoned(parent);
            var path = System.IO.Path.Combine(parent, Prefix + System.IO.Path.GetRandomFileName());
            try
            {
                Directory.CreateDirectory(path);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
            }

            return new RunDirectory(path, keep ? null : FileLock.TryTake(System.IO.Path.Combine(path, Mark)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lock is not null)
        {
            Remove(Path);
            _lock.Dispose();
        }
    }

    private static void RemoveAbandoned(string parent)
    {
        try
        {
            foreach (var directory in new DirectoryInfo(parent).EnumerateDirectories(Prefix + "*"))
            {
                var mark = new FileInfo(System.IO.Path.Combine(directory.FullName, Mark));
                if (directory.LinkTarget is null && mark is { Exists: true, LinkTarget: null })
                {
                    using var held = FileLock.TryTake(mark.FullName);
                    if (held is not null)
                    {
                        Remove(directory.FullName);
                    }
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or DiagnosticException)
        {
            // Somebody else's, or gone meanwhile: left where it is.
        }
    }

    /// <summary>Removes the directory, links in it and not what they lead to; its mark last, so that the next run can go on.</summary>
    private static void Remove(string directory)
    {
        try
        {
            foreach (
                var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
            {
                if (entry is DirectoryInfo { LinkTarget: null } below)
                {
                    below.Delete(recursive: true);
                }
                else if (entry.Name != Mark)
                {
                    entry.Delete();
                }
            }

            Directory.Delete(directory, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Left for the next run.
        }
    }
}

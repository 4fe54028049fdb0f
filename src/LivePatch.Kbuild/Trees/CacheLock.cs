using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Trees;

/// <summary>Keeps two runs from changing one kernel's work tree at the same time. Goes with the process, whatever ends it
/// (<see cref="FileLock"/>).</summary>
public sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly FileLock _lock;

    private CacheLock(FileLock held)
    {
        _lock = held;
    }

    /// <summary>Takes the lock, waiting for another run if need be.</summary>
    /// <param name="directory">What to lock.</param>
    /// <param name="onWait">Called once when there is a wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DiagnosticException">The lock file cannot be made (LP0002).</exception>
    public static async Task<CacheLock> TakeAsync(string directory, Action onWait, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "lock");
        SetAside.Obstacle(path);
        for (var waited = false; ; waited = true)
        {
            if (FileLock.TryTake(path) is { } held)
            {
                return new CacheLock(held);
            }

            if (!waited)
            {
                onWait();
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Trees;

/// <summary>Keeps two runs from changing one kernel's work tree at the same time. Goes with the process, whatever ends it.</summary>
public sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _file;

    private CacheLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock, waiting for another run if need be.</summary>
    /// <param name="directory">What to lock.</param>
    /// <param name="onWait">Called once when there is a wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DiagnosticException">The lock file cannot be made (LP0002).</exception>
    public static async Task<CacheLock> TakeAsync(string directory, Action onWait, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, "lock");
        for (var waited = false; ; waited = true)
        {
            try
            {
                // On Linux FileShare.None is flock(LOCK_EX | LOCK_NB), which other runs of this tool respect.
                return new CacheLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException problem)
            {
                throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
            }
            catch (IOException problem) when (IsHeld(problem))
            {
                if (!waited)
                {
                    onWait();
                }

                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException problem)
            {
                throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>EAGAIN of flock, as .NET reports it on Linux.</summary>
    private static bool IsHeld(IOException problem) => problem.HResult == 11;
}

using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LivePatch.Core.IO;

/// <summary>
/// A lock on a file, held by an open file description (flock) and by nothing else: it ends with the process, whatever ends that, and holds
/// between processes that cannot see each other's ids (containers on one host). No content and no process id counts. On NFS the
/// kernel makes it a lock of the server's, which holds between hosts where the server has locks. Children do not inherit it.
/// </summary>
public sealed partial class FileLock : IDisposable
{
    // asm-generic/fcntl.h; what the umask forbids is taken away.
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int AllMayReadAndWrite = 0x1b6;
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Again = 11;
    private const int Interrupted = 4;
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file)
    {
        _file = file;
    }

    /// <summary>Takes the lock if nobody holds it; makes the file when it is missing.</summary>
    /// <returns>Null when somebody holds it.</returns>
    /// <exception cref="DiagnosticException">The file cannot be made, or the file system knows no locks (LP0002).</exception>
    public static FileLock? TryTake(string path)
    {
        // Opened past .NET, which takes a shared lock of its own on every file it opens.
        var file = Open(path, ReadWrite | Create | CloseOnExec, AllMayReadAndWrite);
        if (file.IsInvalid)
        {
            throw Failure(path, file);
        }

        while (Lock(file, Exclusive | NonBlocking) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Again:
                    file.Dispose();
                    return null;
                case Interrupted:
                    break;
                default:
                    throw Failure(path, file);
            }
        }

        return new FileLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static DiagnosticException Failure(string path, SafeFileHandle file)
    {
        var message = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        file.Dispose();
        return new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, message));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}

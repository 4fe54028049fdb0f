using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.IO;

/// <summary>Gets out of the way what stands where this tool puts something of its own, and which it did not make: renamed, never
/// deleted.</summary>
public static partial class SetAside
{
    /// <summary>Renames a directory that stands where a file belongs, in its directory.</summary>
    /// <exception cref="DiagnosticException">It cannot be renamed (LP0002).</exception>
    public static void Obstacle(string path)
    {
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
        {
            Move(path, NewName(path));
        }
    }

    /// <summary>A name beside a path that nothing has.</summary>
    public static string NewName(string path) => $"{path}.set-aside-{Path.GetFileNameWithoutExtension(Path.GetRandomFileName())}";

    /// <summary>Moves a file, link or directory to a place on the same file system, whose directory is made.</summary>
    /// <exception cref="DiagnosticException">It cannot be moved (LP0002).</exception>
    public static void Move(string path, string target)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Rename(path, target) != 0)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
        }
    }

    /// <summary>.NET's own moves look through links first, and find nothing where they lead nowhere.</summary>
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}

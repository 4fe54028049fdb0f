using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.IO;

/// <summary>
/// Writes files so that a reader sees the old content or the whole new one, never a part: the bytes go to a
/// temporary name in the same directory, which is renamed over the target at the end.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes bytes.</summary>
    /// <exception cref="DiagnosticException">The file cannot be written (LP0002); the temporary file is gone.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = TemporaryName(path);
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(handle, content, 0);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="DiagnosticException">The file cannot be written (LP0002).</exception>
    public static void WriteText(string path, string content) =>
        Write(path, System.Text.Encoding.UTF8.GetBytes(content));

    private static string TemporaryName(string path) =>
        $"{path}.{Environment.ProcessId}.{Path.GetRandomFileName()}.tmp";

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes to standard error as it was handed to the process, with nothing opened for it.</summary>
internal static class LastWords
{
    private const int StandardError = 2;

    /// <summary>Writes a text, if that is possible at all.</summary>
    public static void Write(string text) => Write(StandardError, text);

    /// <summary>Writes a text to a descriptor, if that is possible at all.</summary>
    internal static void Write(int descriptor, string text)
    {
        try
        {
            using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
            using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // It is closed or full: the exit code has to do.
        }
    }
}

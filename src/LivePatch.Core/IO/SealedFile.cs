using System.Globalization;
using System.Text;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.IO;

/// <summary>
/// A file of a cache that is checked whenever it is read: a line says whose content it is, its length and its hash. What was cut short,
/// changed, emptied, or put in the place of another is the same as nothing to the reader, who makes it anew.
/// </summary>
public static class SealedFile
{
    private const string Magic = "klp-build-1";
    private const int LongestLine = 4096;

    /// <summary>The content; null when there is none, or none that is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="subject">What the content must be of; one line.</param>
    /// <param name="onDamage">Told that the file is there and not whole.</param>
    public static ReadOnlyMemory<byte>? TryRead(string path, string subject, Action<string>? onDamage = null)
    {
        try
        {
            if (!Path.Exists(path))
            {
                return null;
            }

            var bytes = File.ReadAllBytes(path);
            var end = bytes.AsSpan(0, Math.Min(bytes.Length, LongestLine)).IndexOf((byte)'\n');
            if (end >= 0 && Encoding.UTF8.GetString(bytes.AsSpan(0, end)) == Line(subject, bytes.AsSpan(end + 1)))
            {
                return bytes.AsMemory(end + 1);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A directory in its place, or one that may not be read: damaged too.
        }

        onDamage?.Invoke($"{path} is damaged; it is made anew");
        return null;
    }

    /// <summary>The content as text; null when there is none, or none that is whole.</summary>
    public static string? TryReadText(string path, string subject, Action<string>? onDamage = null) =>
        TryRead(path, subject, onDamage) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>Writes the file whole or not at all. Something else that has its name is moved aside.</summary>
    /// <exception cref="DiagnosticException">The file cannot be written (LP0002).</exception>
    public static void Write(string path, string subject, ReadOnlySpan<byte> content)
    {
        SetAside.Obstacle(path);
        var line = Encoding.UTF8.GetBytes(Line(subject, content) + "\n");
        var bytes = new byte[line.Length + content.Length];
        line.CopyTo(bytes, 0);
        content.CopyTo(bytes.AsSpan(line.Length));
        AtomicFile.Write(path, bytes);
    }

    /// <summary>Writes text.</summary>
    /// <exception cref="DiagnosticException">The file cannot be written (LP0002).</exception>
    public static void WriteText(string path, string subject, string content) => Write(path, subject, Encoding.UTF8.GetBytes(content));

    private static string Line(string subject, ReadOnlySpan<byte> content) =>
        string.Create(CultureInfo.InvariantCulture, $"{Magic} {content.Length} {ContentHash.Of(content):x16} {subject}");
}

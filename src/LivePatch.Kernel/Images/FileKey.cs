using System.Globalization;
using LivePatch.Core.IO;

namespace LivePatch.Kernel.Images;

/// <summary>What makes a file the same file as last time: its path, size and time of change.</summary>
internal static class FileKey
{
    /// <summary>The key as one line of text; null when there is no such file.</summary>
    public static string? Of(string path)
    {
        var info = new FileInfo(path);
        return info.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{info.FullName}\t{info.Length}\t{info.LastWriteTimeUtc.Ticks}")
            : null;
    }

    /// <summary>A short name for a key, fit for a file name. Different keys may share one: the key itself is kept and compared.</summary>
    public static string ShortName(string key) =>
        ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(key)).ToString("x16", CultureInfo.InvariantCulture);
}

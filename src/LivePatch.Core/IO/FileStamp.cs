using System.Runtime.InteropServices;
using System.Text;

namespace LivePatch.Core.IO;

/// <summary>
/// What changes of a file whenever somebody changes its content: time of change of the inode (which no program can set), time of
/// modification, number, size and mode, as one number. .NET tells neither the first nor the third. The structure of statx is the same on
/// every architecture, other than that of stat.
/// </summary>
public static partial class FileStamp
{
    private const int AtCurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStatistics = 0x7ff;
    private const int Size = 256;

    /// <summary>The stamp of a file, or of a link itself; 0 when there is none.</summary>
    public static ulong Of(string path) => Of(Encoding.UTF8.GetBytes(path + '\0'));

    /// <summary>The same for a path as the system takes it: UTF-8 with a zero at the end.</summary>
    public static ulong Of(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[Size];
        if (!TryRead(path, buffer))
        {
            return 0;
        }

        // stx_mode, stx_ino, stx_size, stx_ctime and stx_mtime (linux/stat.h); a time is seconds and nanoseconds.
        var words = MemoryMarshal.Cast<byte, ulong>(buffer);
        Span<ulong> kept = [MemoryMarshal.Read<ushort>(buffer[28..]), words[4], words[5], words[12], words[13], words[14], words[15]];
        return ContentHash.Of(MemoryMarshal.AsBytes(kept)) | 1;
    }

    /// <summary>The user a file or directory belongs to; null when there is none.</summary>
    public static uint? OwnerOf(string path)
    {
        Span<byte> buffer = stackalloc byte[Size];
        return TryRead(Encoding.UTF8.GetBytes(path + '\0'), buffer) ? MemoryMarshal.Read<uint>(buffer[20..]) : null;
    }

    /// <summary>The user this process acts as.</summary>
    public static uint CurrentUser() => EffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    private static unsafe bool TryRead(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        fixed (byte* name = path)
        fixed (byte* result = buffer)
        {
            return StatX(AtCurrentDirectory, name, NoFollow, BasicStatistics, result) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static unsafe partial int StatX(int directory, byte* path, int flags, uint mask, byte* result);
}

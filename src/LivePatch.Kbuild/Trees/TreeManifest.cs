using System.Buffers;
using System.IO.Enumeration;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using LivePatch.Core.IO;
using Microsoft.Win32.SafeHandles;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// What a work tree consists of: for each file its size, the hash of its content and whether it is a program, for each link where it leads;
/// and the stamp (<see cref="FileStamp"/>) that it had when its content was last seen to be right.
///
/// A tree has eighty thousand files. The content of the thousand that a compile reads is compared in some 20 ms; the stamps of all are in
/// some 100 ms, and their content in a second. So what a compile used is compared by content, and the whole tree by stamp, with the content
/// where the stamp differs (a copied cache has new stamps throughout).
///
/// Paths are kept sorted as UTF-8 and looked up by halving, so that reading the manifest makes no eighty thousand strings.
/// </summary>
internal sealed class TreeManifest
{
    private const int Header = 8;
    private const byte Plain = 0;
    private const byte Program = 1;
    private const byte Link = 2;

    private readonly byte[] _paths;
    private readonly int[] _starts;
    private readonly ulong[] _hashes;
    private readonly long[] _sizes;
    private readonly ulong[] _stamps;
    private readonly byte[] _kinds;

    private TreeManifest(byte[] paths, int[] starts, ulong[] hashes, long[] sizes, ulong[] stamps, byte[] kinds)
    {
        _paths = paths;
        _starts = starts;
        _hashes = hashes;
        _sizes = sizes;
        _stamps = stamps;
        _kinds = kinds;
    }

    public static TreeManifest Empty { get; } = new([], [0], [], [], [], []);

    public int Count => _kinds.Length;

    /// <summary>Reads every file below a directory.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One cannot be read.</exception>
    public static TreeManifest Of(string root) => Of(root, Files(root));

    /// <summary>Reads some files below a directory.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One cannot be read.</exception>
    public static TreeManifest Of(string root, IEnumerable<string> files)
    {
        var names = files.Select(Encoding.UTF8.GetBytes).ToArray();
        Array.Sort(names, static (one, other) => one.AsSpan().SequenceCompareTo(other));
        var starts = new int[names.Length + 1];
        for (var index = 0; index < names.Length; index++)
        {
            starts[index + 1] = starts[index] + names[index].Length;
        }

        var (hashes, sizes, stamps, kinds) =
            (new ulong[names.Length], new long[names.Length], new ulong[names.Length], new byte[names.Length]);
        var made = new TreeManifest([.. names.SelectMany(static name => name)], starts, hashes, sizes, stamps, kinds);
        try
        {
            Parallel.For(0, names.Length, index =>
            {
                stamps[index] = made.CurrentStamp(root, index);
                (kinds[index], sizes[index], hashes[index]) = Read(Path.Combine(root, made.PathAt(index)));
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return made;
    }

    /// <summary>Files and links below a directory, links not followed.</summary>
    public static IEnumerable<string> Files(string root)
    {
        var start = Path.TrimEndingDirectorySeparator(root).Length + 1;
        return new FileSystemEnumerable<string>(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath()[start..],
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !IsRealDirectory(ref entry),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) =>
                IsRealDirectory(ref entry) && !TreePath.IsTransient(entry.FileName),
        };
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave.</summary>
    public static TreeManifest Parse(ReadOnlySpan<byte> bytes)
    {
        var count = MemoryMarshal.Read<int>(bytes);
        var rest = bytes[Header..];
        var hashes = Take<ulong>(ref rest, count);
        var sizes = Take<long>(ref rest, count);
        var stamps = Take<ulong>(ref rest, count);
        var starts = Take<int>(ref rest, count + 1);
        var kinds = Take<byte>(ref rest, count);
        return new TreeManifest(rest.ToArray(), starts, hashes, sizes, stamps, kinds);
    }

    public byte[] ToBytes()
    {
        var count = new byte[Header];
        MemoryMarshal.Write(count, Count);
        return
        [
            .. count, .. MemoryMarshal.AsBytes(_hashes.AsSpan()), .. MemoryMarshal.AsBytes(_sizes.AsSpan()),
            .. MemoryMarshal.AsBytes(_stamps.AsSpan()),
            .. MemoryMarshal.AsBytes(_starts.AsSpan()), .. _kinds, .. _paths,
        ];
    }

    /// <summary>The entry of a path; negative when there is none.</summary>
    public int Find(string path)
    {
        Span<byte> name = path.Length <= 256 ? stackalloc byte[path.Length * 3] : new byte[path.Length * 3];
        name = name[..Encoding.UTF8.GetBytes(path, name)];
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = name.SequenceCompareTo(NameAt(middle));
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    /// <summary>The files directly in a directory ("" is the top), and for each directory in it the first file below.</summary>
    public IEnumerable<(string Path, bool IsBelow)> In(string directory)
    {
        var prefix = directory.Length == 0 ? string.Empty : directory + "/";
        for (var index = FirstFrom(prefix); index < Count;)
        {
            var path = PathAt(index);
            if (!path.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield break;
            }

            var slash = path.IndexOf('/', prefix.Length);
            yield return (path, slash >= 0);

            // '0' is what comes after '/': all of the directory is passed over.
            index = slash < 0 ? index + 1 : FirstFrom(path[..slash] + "0");
        }
    }

    public string PathAt(int index) => Encoding.UTF8.GetString(NameAt(index));

    /// <summary>The entries of programs.</summary>
    public IEnumerable<int> Programs() => Enumerable.Range(0, Count).Where(index => _kinds[index] == Program);

    /// <summary>The stamp the file has now.</summary>
    public ulong CurrentStamp(string root, int index)
    {
        var name = NameAt(index);
        Span<byte> path = stackalloc byte[(root.Length * 3) + name.Length + 2];
        var length = Encoding.UTF8.GetBytes(root, path);
        path[length++] = (byte)'/';
        name.CopyTo(path[length..]);
        path[length + name.Length] = 0;
        return FileStamp.Of(path);
    }

    /// <summary>True when the file was not touched since its content was right.</summary>
    public bool IsUntouched(string root, int index) => _stamps[index] != 0 && CurrentStamp(root, index) == _stamps[index];

    /// <summary>True when a file is what it was, by its content.</summary>
    public bool IsSame(string root, int index)
    {
        try
        {
            return Read(Path.Combine(root, PathAt(index)), _sizes[index]) == (_kinds[index], _sizes[index], _hashes[index]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Not there, a directory, or not to be read.
            return false;
        }
    }

    /// <summary>The same with the stamps of now; only where all is right.</summary>
    public TreeManifest WithStampsOf(string root)
    {
        var stamps = new ulong[Count];
        Parallel.For(0, Count, index => stamps[index] = CurrentStamp(root, index));
        return new TreeManifest(_paths, _starts, _hashes, _sizes, stamps, _kinds);
    }

    /// <summary>The first entry that is not before a path.</summary>
    private int FirstFrom(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = NameAt(middle).SequenceCompareTo(name) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private ReadOnlySpan<byte> NameAt(int index) => _paths.AsSpan(_starts[index].._starts[index + 1]);

    private static bool IsRealDirectory(ref FileSystemEntry entry) =>
        entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0;

    private static T[] Take<T>(ref ReadOnlySpan<byte> bytes, int count)
        where T : unmanaged
    {
        var length = count * Marshal.SizeOf<T>();
        var taken = MemoryMarshal.Cast<byte, T>(bytes[..length]).ToArray();
        bytes = bytes[length..];
        return taken;
    }

    /// <summary>A file of another size than the one looked for is not read.</summary>
    private static (byte Kind, long Size, ulong Hash) Read(string path, long wanted = -1)
    {
        var info = new FileInfo(path);
        if ((info.Attributes & FileAttributes.ReparsePoint) != 0)
        {
            return (Link, 0, ContentHash.Of(Encoding.UTF8.GetBytes(info.LinkTarget ?? string.Empty)));
        }

        var kind = (info.UnixFileMode & UnixFileMode.UserExecute) != 0 ? Program : Plain;
        if (wanted >= 0 && info.Length != wanted)
        {
            return (kind, info.Length, 0);
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return (kind, info.Length, HashOf(file, info.Length));
    }

    private static ulong HashOf(SafeFileHandle file, long size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, size));
        try
        {
            var length = 0;
            while (length < size && RandomAccess.Read(file, buffer.AsSpan(length, (int)size - length), length) is > 0 and var count)
            {
                length += count;
            }

            return ContentHash.Of(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

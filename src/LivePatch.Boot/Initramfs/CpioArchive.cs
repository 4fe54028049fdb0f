using System.Globalization;
using System.Text;

namespace LivePatch.Boot.Initramfs;

/// <summary>
/// Writes a cpio archive in the "newc" form the kernel unpacks as an initramfs
/// (Documentation/driver-api/early-userspace/buffer-format.rst, 6.1): a header of ASCII hex fields, the name, the
/// data, name and data padded to 4 bytes, and an entry called TRAILER!!! at the end. Device nodes are mere header
/// fields, so no root rights are needed to make them. All times are 0 and all owners root: the same content gives
/// the same bytes.
/// </summary>
public sealed class CpioArchive
{
    private const string Trailer = "TRAILER!!!";
    private readonly Stream _target;
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { string.Empty };
    private long _written;
    private uint _inode;

    /// <summary>Starts an archive.</summary>
    /// <param name="target">Receives the bytes; stays open.</param>
    public CpioArchive(Stream target) => _target = target;

    /// <summary>Adds a directory and those above it; adding one twice does nothing.</summary>
    /// <param name="path">Path in the archive, without a leading slash.</param>
    public void AddDirectory(string path)
    {
        path = path.Trim('/');
        if (_directories.Contains(path))
        {
            return;
        }

        AddParent(path);
        _directories.Add(path);
        WriteEntry(path, Mode.Directory | 0x1ED, [], 0, 0);
    }

    /// <summary>Adds a regular file, and the directories above it.</summary>
    /// <param name="path">Path in the archive, without a leading slash.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="executable">Mode 0755 instead of 0644.</param>
    public void AddFile(string path, ReadOnlySpan<byte> content, bool executable = false)
    {
        path = path.Trim('/');
        AddParent(path);
        WriteEntry(path, Mode.File | (executable ? 0x1EDu : 0x1A4u), content, 0, 0);
    }

    /// <summary>Adds a character device of mode 0600, and the directories above it.</summary>
    /// <param name="path">Path in the archive, without a leading slash.</param>
    /// <param name="major">Major number.</param>
    /// <param name="minor">Minor number.</param>
    public void AddCharacterDevice(string path, uint major, uint minor)
    {
        path = path.Trim('/');
        AddParent(path);
        WriteEntry(path, Mode.CharacterDevice | 0x180, [], major, minor);
    }

    /// <summary>Writes the end mark. Nothing may be added afterwards.</summary>
    public void Finish() => WriteEntry(Trailer, 0, [], 0, 0);

    private void AddParent(string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash > 0)
        {
            AddDirectory(path[..slash]);
        }
    }

    private void WriteEntry(string path, uint mode, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var links = mode == 0 ? 1u : Mode.Links(mode);
        var inode = mode == 0 ? 0u : ++_inode;
        // magic, ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
        var header = string.Create(
            CultureInfo.InvariantCulture,
            $"070701{inode:X8}{mode:X8}{0:X8}{0:X8}{links:X8}{0:X8}{content.Length:X8}{0:X8}{0:X8}{major:X8}{minor:X8}{name.Length:X8}{0:X8}");
        Write(Encoding.ASCII.GetBytes(header));
        Write(name);
        Pad();
        Write(content);
        Pad();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _target.Write(bytes);
        _written += bytes.Length;
    }

    private void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        Write(zeros[..(int)(-_written & 3)]);
    }

    private static class Mode
    {
        public const uint Directory = 0x4000;
        public const uint File = 0x8000;
        public const uint CharacterDevice = 0x2000;

        public static uint Links(uint mode) => (mode & 0xF000) == Directory ? 2u : 1u;
    }
}

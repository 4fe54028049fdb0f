using System.Globalization;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Elf;

namespace LivePatch.Kernel.Images;

/// <summary>
/// Keeps unpacked kernel images, because unpacking takes most of a second.
/// </summary>
/// <remarks>
/// Two files per image: <c>vmlinux-KEY</c>, the ELF file as it was unpacked, and <c>vmlinux-KEY.stamp</c>, a line with
/// the packed file's path, size and time of change and a line with the length and hash of what was unpacked. The stamp
/// is written last, each by rename: an interrupted run leaves no stamp, and the next run does the work again. The hash
/// is compared at every use (66 MB in some 10 ms), and anything that does not agree is silently made anew. The image
/// is kept whole, not a digest of it, so that it can be mapped and no part of it needs a second format.
/// </remarks>
internal static partial class UnpackedImageCache
{
    /// <summary>The image as kept, mapped; null when it is not kept or damaged.</summary>
    public static ElfObject? TryLoad(string directory, string key, string name)
    {
        var path = PathOf(directory, key);
        try
        {
            var lines = File.ReadAllLines(StampOf(path));
            if (lines.Length != 2 || lines[0] != key)
            {
                return null;
            }

            var elf = ElfObject.TryRead(path, [], name);
            if (elf is not null && lines[1] == Seal(new FileInfo(path).Length, elf))
            {
                return elf;
            }

            elf?.Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Not kept, or not readable: the same to the caller.
        }

        return null;
    }

    /// <summary>Keeps an image.</summary>
    /// <param name="directory">Where; made when missing.</param>
    /// <param name="key">Key of the packed file.</param>
    /// <param name="bytes">The unpacked file.</param>
    /// <param name="elf">The same, parsed.</param>
    /// <param name="diagnostics">Receives that it could not be kept (LP0228, a warning).</param>
    public static void Store(string directory, string key, ReadOnlySpan<byte> bytes, ElfObject elf, DiagnosticBag diagnostics)
    {
        var path = PathOf(directory, key);
        try
        {
            Directory.CreateDirectory(directory);
            SetAside.Obstacle(path);
            SetAside.Obstacle(StampOf(path));
            File.Delete(StampOf(path));
            AtomicFile.Write(path, bytes);
            AtomicFile.WriteText(StampOf(path), $"{key}\n{Seal(bytes.Length, elf)}\n");
            RemoveOlder(directory, key);
        }
        catch (DiagnosticException problem)
        {
            diagnostics.Add(KernelDiagnostics.CacheNotWritten.At(path, problem.Diagnostics[0].Text));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(KernelDiagnostics.CacheNotWritten.At(path, problem.Message));
        }
    }

    /// <summary>Removes what was kept of the same file in an earlier state: an image takes some 60 MB.</summary>
    private static void RemoveOlder(string directory, string key)
    {
        var file = key[..(key.IndexOf('\t', StringComparison.Ordinal) + 1)];
        foreach (var stamp in Directory.EnumerateFiles(directory, "vmlinux-*.stamp")
            .Where(static stamp => StampName().IsMatch(Path.GetFileName(stamp))))
        {
            var kept = File.ReadLines(stamp).FirstOrDefault() ?? string.Empty;
            if (kept != key && kept.StartsWith(file, StringComparison.Ordinal))
            {
                File.Delete(stamp);
                File.Delete(stamp[..^".stamp".Length]);
            }
        }
    }

    private static string PathOf(string directory, string key) => Path.Combine(directory, "vmlinux-" + FileKey.ShortName(key));

    private static string StampOf(string path) => path + ".stamp";

    private static string Seal(long length, ElfObject elf)
    {
        // Headers are checked by parsing them; the hash covers what they describe.
        var hash = (ulong)elf.Sections.Count;
        foreach (var segment in elf.Segments)
        {
            hash = ContentHash.Of(segment.Data.Span, hash);
        }

        foreach (var section in elf.Sections)
        {
            hash =
                ContentHash.Of(System.Text.Encoding.Latin1.GetBytes(section.Name), hash ^ section.Address ^ section.Offset ^ section.Size);
            if (section.Address == 0)
            {
                hash = ContentHash.Of(section.Data.Span, hash);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{length}\t{hash:x16}");
    }

    /// <summary>What else lies there is none of ours.</summary>
    [GeneratedRegex(@"^vmlinux-[0-9a-f]{16}\.stamp$", RegexOptions.CultureInvariant)]
    private static partial Regex StampName();
}

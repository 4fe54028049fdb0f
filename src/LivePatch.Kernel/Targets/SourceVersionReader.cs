using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using LivePatch.Kernel.Images.Compression;
using SharpCompress.Compressors.Xz;
using ZstdStream = SharpCompress.Compressors.ZStandard.DecompressionStream;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// The version in the top Makefile of a kernel source.
/// </summary>
/// <remarks>Out of a tarball the archive is unpacked only up to that file. In a distribution's it may lie behind Documentation/, some
/// 8 % into 1.3 GB, which takes a second with <c>xz</c>: the distribution is asked first, which knows without.</remarks>
internal static class SourceVersionReader
{
    private const int MakefileHead = 4096;

    /// <summary>The version of a source directory, three numbers; null when it has no such Makefile.</summary>
    public static string? OfDirectory(string directory)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(directory, "Makefile")));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The version of a source tarball, three numbers; null when it has no such Makefile or cannot be read.</summary>
    public static string? OfTarball(string path)
    {
        try
        {
            var head = new byte[16];
            using (var file = File.OpenHandle(path))
            {
                RandomAccess.Read(file, head, 0);
            }

            switch (PayloadFormats.Detect(head))
            {
                case PayloadFormat.Xz:
                    return FromXz(path);
                case PayloadFormat.Gzip:
                    using (var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress))
                    {
                        return FromTar(stream);
                    }

                case PayloadFormat.Zstd:
                    using (var stream = new ZstdStream(File.OpenRead(path)))
                    {
                        return FromTar(stream);
                    }

                default:
                    using (var stream = File.OpenRead(path))
                    {
                        return FromTar(stream);
                    }
            }
        }
        catch (Exception problem) when (Decompressor.IsBadInput(problem))
        {
            return null;
        }
    }

    /// <summary>The version in a Makefile's text: <c>VERSION = 6</c>, <c>PATCHLEVEL = 1</c>, <c>SUBLEVEL = 192</c>.</summary>
    internal static string? Parse(string makefile)
    {
        var numbers = new string?[3];
        foreach (var line in makefile.Split('\n').Take(40))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            var index = Array.IndexOf(["VERSION", "PATCHLEVEL", "SUBLEVEL"], parts[0]);
            if (index >= 0 && parts.Length == 2 && parts[1].Length > 0 && parts[1].All(char.IsAsciiDigit))
            {
                numbers[index] ??= parts[1];
            }
        }

        return Array.TrueForAll(numbers, static number => number is not null) ? string.Join('.', numbers) : null;
    }

    private static string? FromXz(string path)
    {
        var start = new ProcessStartInfo("xz") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-dc");
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(path);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            using var stream = new XZStream(File.OpenRead(path));
            return FromTar(stream);
        }

        try
        {
            return FromTar(process.StandardOutput.BaseStream);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static string? FromTar(Stream stream)
    {
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.DataStream is { } data
                && (
                    name == "Makefile"
                        || (name.EndsWith("/Makefile", StringComparison.Ordinal) && name.Count(static c => c == '/') == 1)))
            {
                using var text = new StreamReader(data);
                var head = new char[MakefileHead];
                return Parse(new string(head, 0, text.ReadBlock(head)));
            }
        }

        return null;
    }
}

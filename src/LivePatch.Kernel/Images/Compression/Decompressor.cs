using System.IO.Compression;
using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;
using ZstdStream = SharpCompress.Compressors.ZStandard.DecompressionStream;

namespace LivePatch.Kernel.Images.Compression;

/// <summary>
/// Unpacks kernel images and modules.
/// </summary>
/// <remarks>
/// Which way is taken was measured on a distribution's kernels (2 cores, ahead-of-time compiled): xz, 8 MB to 66 MB: system
/// <c>xz</c> 0.9 s, SharpCompress 4.1 s, and SharpCompress 0.50 loses the state of the branch filter between reads,
/// which its own CRC check then notices; so the program comes first, and the library serves modules, which are packed
/// without that filter. zstd, 12 MB to 58 MB: system 0.15 s, SharpCompress 0.22 s; so the library, which is always
/// there. LZO has no library; the program <c>lzop</c> is needed.
/// </remarks>
internal static class Decompressor
{
    /// <summary>Unpacks the whole of some packed data.</summary>
    /// <param name="packed">The data, from the magic on and with nothing behind them.</param>
    /// <param name="format">Their format.</param>
    /// <param name="sizeHint">What they unpack to, in bytes, as far as known; only a hint.</param>
    /// <param name="name">What diagnostics call the file.</param>
    /// <param name="diagnostics">Receives why it failed (LP0222, LP0223).</param>
    /// <returns>The unpacked bytes, or null when a fatal diagnostic was added.</returns>
    public static ReadOnlyMemory<byte>? TryUnpack(
        ReadOnlyMemory<byte> packed, PayloadFormat format, int sizeHint, string name, DiagnosticBag diagnostics)
    {
        var unpacked = new GrowingBuffer(sizeHint);
        try
        {
            switch (format)
            {
                case PayloadFormat.Elf:
                    return packed;
                case PayloadFormat.Gzip:
                    using (var stream = new GZipStream(Open(packed), CompressionMode.Decompress))
                    {
                        unpacked.ReadAll(stream);
                    }

                    break;
                case PayloadFormat.Xz:
                    if (!SystemDecompressor.TryUnpack("xz", ["-dc", "--single-stream"], packed, unpacked))
                    {
                        using var stream = new XZStream(Open(packed));
                        unpacked.ReadAll(stream);
                    }

                    break;
                case PayloadFormat.Zstd:
                    using (var stream = new ZstdStream(Open(packed)))
                    {
                        unpacked.ReadAll(stream);
                    }

                    break;
                case PayloadFormat.Lz4:
                    Lz4LegacyFrame.Unpack(packed.Span, unpacked);
                    break;
                case PayloadFormat.Bzip2:
                    using (var stream = BZip2Stream.Create(Open(packed), SharpCompress.Compressors.CompressionMode.Decompress, false))
                    {
                        unpacked.ReadAll(stream);
                    }

                    break;
                case PayloadFormat.Lzma:
                    UnpackLzma(packed, unpacked);
                    break;
                case PayloadFormat.Lzo:
                    if (!SystemDecompressor.TryUnpack("lzop", ["-dc"], packed, unpacked))
                    {
                        diagnostics.Add(KernelDiagnostics.DecompressorMissing.At(
                            name, "It is packed with LZO, and the program 'lzop' that unpacks it is not installed."));
                        return null;
                    }

                    break;
                default:
                    diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(name, "It is packed in no format a kernel uses."));
                    return null;
            }
        }
        catch (Exception problem) when (IsBadInput(problem))
        {
            diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(name, $"It cannot be unpacked as {format}: {problem.Message}."));
            return null;
        }

        return unpacked.Content;
    }

    /// <summary>The libraries tell bad input by whatever exception the decoder runs into.</summary>
    internal static bool IsBadInput(Exception problem) =>
        problem is InvalidDataException or IOException or SharpCompressException or ArgumentException or ArithmeticException
            or IndexOutOfRangeException or InvalidOperationException or NotSupportedException or NullReferenceException
            or UnauthorizedAccessException or OutOfMemoryException or AggregateException
        || problem.GetType().Namespace?.StartsWith("SharpCompress", StringComparison.Ordinal) == true;

    private static void UnpackLzma(ReadOnlyMemory<byte> packed, GrowingBuffer unpacked)
    {
        // lzma_alone: five bytes of properties, eight bytes of size or -1, then the data.
        var header = packed.Span[..13];
        var size = BitConverter.ToInt64(header[5..]);
        using var stream = LzmaStream.Create(header[..5].ToArray(), Open(packed[13..]), packed.Length - 13, size);
        unpacked.ReadAll(stream);
    }

    private static MemoryStream Open(ReadOnlyMemory<byte> packed) =>
        MemoryMarshal.TryGetArray(packed, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(packed.ToArray(), writable: false);
}

using LivePatch.Core.Diagnostics;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace LivePatch.Boot.Modules;

/// <summary>Reads module files, which distributions may compress (CONFIG_MODULE_COMPRESS_*). They are unpacked on
/// the host, as the guest's insmod need not know the form and unpacks slowly.</summary>
internal static class ModuleFile
{
    /// <summary>The uncompressed bytes; null after the reason was reported.</summary>
    public static ReadOnlyMemory<byte>? TryRead(string path, DiagnosticBag diagnostics)
    {
        try
        {
            return Unpack(File.ReadAllBytes(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
        }
        catch (Exception problem) when (problem is InvalidDataException or NotSupportedException or ArgumentException
            or InvalidOperationException or IndexOutOfRangeException or SharpCompress.Common.SharpCompressException or ZstdException)
        {
            // The decompressors' own names for damaged input.
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, $"The compressed module is damaged: {problem.Message}"));
        }

        return null;
    }

    private static byte[] Unpack(byte[] bytes)
    {
        var packed = new MemoryStream(bytes);
        return bytes switch
        {
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ReadAll(new XZStream(packed)),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => ReadAll(new DecompressionStream(packed)),
            [0x1F, 0x8B, ..] => ReadAll(new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress)),
            _ => bytes,
        };
    }

    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            var plain = new MemoryStream();
            stream.CopyTo(plain);
            return plain.ToArray();
        }
    }
}

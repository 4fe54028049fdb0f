using System.Buffers.Binary;

namespace LivePatch.Kernel.Images.Compression;

/// <summary>Tells packing formats by their first bytes.</summary>
internal static class PayloadFormats
{
    private static readonly (PayloadFormat Format, byte[] Magic)[] Magics =
    [
        (PayloadFormat.Elf, [0x7f, (byte)'E', (byte)'L', (byte)'F']),
        (PayloadFormat.Xz, [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]),
        (PayloadFormat.Zstd, [0x28, 0xb5, 0x2f, 0xfd]),
        (PayloadFormat.Gzip, [0x1f, 0x8b, 8]),
        (PayloadFormat.Lz4, [0x02, 0x21, 0x4c, 0x18]),
        (PayloadFormat.Bzip2, [(byte)'B', (byte)'Z', (byte)'h']),
        (PayloadFormat.Lzo, [0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 0x0d, 0x0a, 0x1a, 0x0a]),
        (PayloadFormat.Lzma, [0x5d, 0, 0]),
    ];

    /// <summary>The magics to search a whole file for, the most telling first. ELF comes last: packed data may begin
    /// with its four bytes as they are.</summary>
    public static IEnumerable<(PayloadFormat Format, byte[] Magic)> Scannable => Magics.Skip(1).Append(Magics[0]);

    /// <summary>The format of data that start with one.</summary>
    public static PayloadFormat Detect(ReadOnlySpan<byte> data)
    {
        foreach (var (format, magic) in Magics)
        {
            if (data.StartsWith(magic) && (format != PayloadFormat.Lzma || IsLzmaHeader(data)))
            {
                return format;
            }
        }

        return PayloadFormat.Unknown;
    }

    /// <summary>lzma_alone has three bytes of magic only, so the two sizes that follow must make sense too: a power of
    /// two for the dictionary, and for the content unknown (-1) or less than 1 GiB.</summary>
    private static bool IsLzmaHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length < 13)
        {
            return false;
        }

        var dictionary = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(data[5..]);
        return uint.IsPow2(dictionary) && (size == ulong.MaxValue || size < 1 << 30);
    }
}

using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace LivePatch.Kernel.Images.Compression;

/// <summary>
/// The frame <c>lz4 -l</c> writes and the kernel's decompressor reads (lib/decompress_unlz4.c, Linux 6.1): a magic,
/// then blocks of {packed length, little-endian u32; packed bytes}, each unpacking to at most 8 MiB, up to the end of
/// the file; a further magic may stand between blocks. The package's own frame reader knows the newer frame only.
/// </summary>
internal static class Lz4LegacyFrame
{
    private const uint Magic = 0x184c2102;
    private const int BlockSize = 8 << 20;

    /// <exception cref="InvalidDataException">The frame is malformed.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, GrowingBuffer unpacked)
    {
        var rest = packed[4..];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
            {
                throw new InvalidDataException("an lz4 block has no length");
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            rest = rest[4..];
            if (length == Magic)
            {
                continue;
            }

            if (length == 0 || length > (uint)rest.Length)
            {
                throw new InvalidDataException($"an lz4 block claims {length} bytes and {rest.Length} are left");
            }

            var written = LZ4Codec.Decode(rest[..(int)length], unpacked.Space(BlockSize)[..BlockSize]);
            if (written < 0)
            {
                throw new InvalidDataException("an lz4 block is corrupt");
            }

            unpacked.Advance(written);
            rest = rest[(int)length..];
        }
    }
}

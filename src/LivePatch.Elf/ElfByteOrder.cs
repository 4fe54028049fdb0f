using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LivePatch.Elf;

/// <summary>In which order the bytes of a file's numbers lie (EI_DATA). The default is the lowest byte first.</summary>
/// <param name="IsBig">True when the highest byte comes first.</param>
public readonly record struct ElfByteOrder(bool IsBig)
{
    /// <summary>The lowest byte first (ELFDATA2LSB).</summary>
    public static ElfByteOrder Little => default;

    /// <summary>The highest byte first (ELFDATA2MSB).</summary>
    public static ElfByteOrder Big => new(true);

    /// <summary>True when numbers of this machine would be read the wrong way round.</summary>
    internal bool IsForeign => IsBig == BitConverter.IsLittleEndian;

    /// <summary>A number at the start of some bytes.</summary>
    public ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        IsBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    /// <summary>A number at the start of some bytes.</summary>
    public uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        IsBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>A number at the start of some bytes.</summary>
    public int ReadInt32(ReadOnlySpan<byte> bytes) => (int)ReadUInt32(bytes);

    /// <summary>A number at the start of some bytes.</summary>
    public ulong ReadUInt64(ReadOnlySpan<byte> bytes) =>
        IsBig ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>A number at the start of some bytes.</summary>
    public long ReadInt64(ReadOnlySpan<byte> bytes) => (long)ReadUInt64(bytes);

    /// <summary>The number that all of some bytes are, eight at most.</summary>
    public ulong ReadNumber(ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var index = 0; index < bytes.Length; index++)
        {
            value = (value << 8) | bytes[IsBig ? index : bytes.Length - 1 - index];
        }

        return value;
    }

    /// <summary>The words that a section consists of; what is left over at its end is no word.</summary>
    public ReadOnlySpan<uint> ReadWords(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        if (!IsForeign)
        {
            return words;
        }

        var turned = new uint[words.Length];
        BinaryPrimitives.ReverseEndianness(words, turned);
        return turned;
    }

    /// <summary>The bytes of words in a file.</summary>
    public byte[] WriteWords(ReadOnlySpan<uint> words) => MemoryMarshal.AsBytes(ReadWords(MemoryMarshal.AsBytes(words))).ToArray();
}

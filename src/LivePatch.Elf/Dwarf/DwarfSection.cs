using System.IO.Compression;
using LivePatch.Elf.Native;

namespace LivePatch.Elf.Dwarf;

/// <summary>A debug section's bytes with its relocations: in a relocatable file every offset into another section is one.</summary>
internal sealed class DwarfSection
{
    private const int CompressionHeaderSize = 24;
    private const int LargestUnpacked = 1 << 30;
    private readonly Dictionary<ulong, ElfRelocation> _relocations;

    private DwarfSection(ReadOnlyMemory<byte> data, Dictionary<ulong, ElfRelocation> relocations, ElfByteOrder order)
    {
        Data = data;
        Order = order;
        _relocations = relocations;
    }

    /// <summary>In which order the bytes of numbers lie.</summary>
    public ElfByteOrder Order { get; }

    /// <summary>The bytes, unpacked.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>A section by its name; an empty one when the file does not have it.</summary>
    /// <exception cref="InvalidDataException">It is compressed in a way that is not known.</exception>
    public static DwarfSection Find(ElfObject file, string name)
    {
        if (file.FindSection(name) is not { } section)
        {
            return new DwarfSection(default, [], file.Header.Order);
        }

        // S + A: symbols of debug sections are section symbols, whose value is 0. How wide the field is, its form tells.
        var relocations = new Dictionary<ulong, ElfRelocation>(section.Relocations.Count);
        foreach (var relocation in section.Relocations)
        {
            relocations[relocation.Offset] = relocation;
        }

        var data = (section.Flags & ElfConstants.ShfCompressed) == 0 ? section.Data : Unpack(section.Data.Span, section.Order);
        return new DwarfSection(data, relocations, section.Order);
    }

    /// <summary>The value of an offset field of 4 or 8 bytes.</summary>
    public ulong Offset(int at, int size)
    {
        if (_relocations.TryGetValue((ulong)at, out var relocation))
        {
            return relocation.Symbol.Value + (ulong)relocation.Addend;
        }

        var bytes = Data.Span.Slice(at, size);
        return size == 4 ? Order.ReadUInt32(bytes) : Order.ReadUInt64(bytes);
    }

    /// <summary>The section an address field of 8 bytes leads to, and the offset in it; no section when the field is not
    /// relocated.</summary>
    public (ElfSection? Section, ulong Offset) Address(int at) =>
        _relocations.TryGetValue((ulong)at, out var relocation)
            ? (relocation.Symbol.Section, relocation.Symbol.Value + (ulong)relocation.Addend)
            : (null, at + 8 <= Data.Length ? Order.ReadUInt64(Data.Span[at..]) : 0);

    /// <summary>Elf64_Chdr and what follows (gABI, section compression). 1 is ELFCOMPRESS_ZLIB.</summary>
    private static byte[] Unpack(ReadOnlySpan<byte> data, ElfByteOrder order)
    {
        var size = data.Length < CompressionHeaderSize ? 0 : order.ReadUInt64(data[8..]);
        if (data.Length < CompressionHeaderSize || order.ReadUInt32(data) != 1 || size > LargestUnpacked)
        {
            throw new InvalidDataException("debug information in an unknown compression");
        }

        var unpacked = new byte[size];
        using var stream = new ZLibStream(new MemoryStream(data[CompressionHeaderSize..].ToArray()), CompressionMode.Decompress);
        stream.ReadExactly(unpacked);
        return unpacked;
    }
}

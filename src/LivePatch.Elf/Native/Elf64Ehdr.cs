using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace LivePatch.Elf.Native;

/// <summary>The file header as it lies in the file (gABI Elf64_Ehdr).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Ehdr : IElfStructure
{
    public Identification Ident;
    public ushort Type;
    public ushort Machine;
    public uint Version;
    public ulong Entry;
    public ulong ProgramHeaderOffset;
    public ulong SectionHeaderOffset;
    public uint Flags;
    public ushort HeaderSize;
    public ushort ProgramHeaderSize;
    public ushort ProgramHeaderCount;
    public ushort SectionHeaderSize;
    public ushort SectionHeaderCount;
    public ushort SectionNameIndex;

    /// <summary>e_ident.</summary>
    [InlineArray(16)]
    public struct Identification
    {
        private byte _first;
    }

    /// <inheritdoc/>
    public void Swap()
    {
        Type = ReverseEndianness(Type);
        Machine = ReverseEndianness(Machine);
        Version = ReverseEndianness(Version);
        Entry = ReverseEndianness(Entry);
        ProgramHeaderOffset = ReverseEndianness(ProgramHeaderOffset);
        SectionHeaderOffset = ReverseEndianness(SectionHeaderOffset);
        Flags = ReverseEndianness(Flags);
        HeaderSize = ReverseEndianness(HeaderSize);
        ProgramHeaderSize = ReverseEndianness(ProgramHeaderSize);
        ProgramHeaderCount = ReverseEndianness(ProgramHeaderCount);
        SectionHeaderSize = ReverseEndianness(SectionHeaderSize);
        SectionHeaderCount = ReverseEndianness(SectionHeaderCount);
        SectionNameIndex = ReverseEndianness(SectionNameIndex);
    }
}

using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace LivePatch.Elf.Native;

/// <summary>A section header as it lies in the file (gABI Elf64_Shdr).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Shdr : IElfStructure
{
    public uint Name;
    public uint Type;
    public ulong Flags;
    public ulong Address;
    public ulong Offset;
    public ulong Size;
    public uint Link;
    public uint Info;
    public ulong Alignment;
    public ulong EntrySize;

    /// <inheritdoc/>
    public void Swap()
    {
        Name = ReverseEndianness(Name);
        Type = ReverseEndianness(Type);
        Flags = ReverseEndianness(Flags);
        Address = ReverseEndianness(Address);
        Offset = ReverseEndianness(Offset);
        Size = ReverseEndianness(Size);
        Link = ReverseEndianness(Link);
        Info = ReverseEndianness(Info);
        Alignment = ReverseEndianness(Alignment);
        EntrySize = ReverseEndianness(EntrySize);
    }
}

using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace LivePatch.Elf.Native;

/// <summary>A program header as it lies in the file (gABI Elf64_Phdr).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Phdr : IElfStructure
{
    public uint Type;
    public uint Flags;
    public ulong Offset;
    public ulong VirtualAddress;
    public ulong PhysicalAddress;
    public ulong FileSize;
    public ulong MemorySize;
    public ulong Alignment;

    /// <inheritdoc/>
    public void Swap()
    {
        Type = ReverseEndianness(Type);
        Flags = ReverseEndianness(Flags);
        Offset = ReverseEndianness(Offset);
        VirtualAddress = ReverseEndianness(VirtualAddress);
        PhysicalAddress = ReverseEndianness(PhysicalAddress);
        FileSize = ReverseEndianness(FileSize);
        MemorySize = ReverseEndianness(MemorySize);
        Alignment = ReverseEndianness(Alignment);
    }
}

using System.Runtime.InteropServices;

namespace LivePatch.Elf.Native;

/// <summary>A program header as it lies in the file (gABI Elf64_Phdr), little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Phdr
{
    public uint Type;
    public uint Flags;
    public ulong Offset;
    public ulong VirtualAddress;
    public ulong PhysicalAddress;
    public ulong FileSize;
    public ulong MemorySize;
    public ulong Alignment;
}

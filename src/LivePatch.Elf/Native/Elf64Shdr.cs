using System.Runtime.InteropServices;

namespace LivePatch.Elf.Native;

/// <summary>A section header as it lies in the file (gABI Elf64_Shdr), little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Shdr
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
}

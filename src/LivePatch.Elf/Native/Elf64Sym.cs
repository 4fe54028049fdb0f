using System.Runtime.InteropServices;

namespace LivePatch.Elf.Native;

/// <summary>A symbol as it lies in the file (gABI Elf64_Sym), little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Sym
{
    public uint Name;
    public byte Info;
    public byte Other;
    public ushort SectionIndex;
    public ulong Value;
    public ulong Size;
}

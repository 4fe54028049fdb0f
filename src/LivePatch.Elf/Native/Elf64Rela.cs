using System.Runtime.InteropServices;

namespace LivePatch.Elf.Native;

/// <summary>A relocation as it lies in the file (gABI Elf64_Rela), little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Rela
{
    public ulong Offset;
    public uint Type;
    public uint Symbol;
    public long Addend;
}

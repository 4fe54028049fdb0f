using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace LivePatch.Elf.Native;

/// <summary>A relocation as it lies in the file (gABI Elf64_Rela).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Rela : IElfStructure
{
    public ulong Offset;
    public uint Type;
    public uint Symbol;
    public long Addend;

    /// <inheritdoc/>
    public void Swap()
    {
        Offset = ReverseEndianness(Offset);

        // r_info is one number of eight bytes.
        (Type, Symbol) = (ReverseEndianness(Symbol), ReverseEndianness(Type));
        Addend = ReverseEndianness(Addend);
    }
}

using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace LivePatch.Elf.Native;

/// <summary>A symbol as it lies in the file (gABI Elf64_Sym).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Elf64Sym : IElfStructure
{
    public uint Name;
    public byte Info;
    public byte Other;
    public ushort SectionIndex;
    public ulong Value;
    public ulong Size;

    /// <inheritdoc/>
    public void Swap()
    {
        Name = ReverseEndianness(Name);
        SectionIndex = ReverseEndianness(SectionIndex);
        Value = ReverseEndianness(Value);
        Size = ReverseEndianness(Size);
    }
}

using System.Runtime.InteropServices;

namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>cs_insn of Capstone 4 (capstone.h); Capstone 5 has a longer byte array, which <see cref="CapstoneEngine"/> refuses.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CapstoneInstruction
{
    public const int MnemonicSize = 32;
    public const int OperandsSize = 160;

    public uint Id;
    public ulong Address;
    public ushort Size;
    public fixed byte Bytes[16];
    public fixed byte Mnemonic[MnemonicSize];
    public fixed byte Operands[OperandsSize];
    public void* Detail;
}

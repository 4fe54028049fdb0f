namespace LivePatch.Kernel.Architecture;

/// <summary>One machine instruction as text.</summary>
/// <param name="Offset">Bytes from the start of the code given to the disassembler.</param>
/// <param name="Length">Length in bytes; 1 for a byte that is no instruction.</param>
/// <param name="Mnemonic">Lower case, prefixes included ("lock add"); empty for a byte that is no instruction.</param>
/// <param name="Operands">Operands in Intel syntax; empty when there are none.</param>
public readonly record struct DecodedInstruction(int Offset, int Length, string Mnemonic, string Operands)
{
    /// <summary>False for a byte the disassembler does not know.</summary>
    public bool IsValid => Mnemonic.Length > 0;

    /// <inheritdoc/>
    public override string ToString() => Operands.Length == 0 ? Mnemonic : $"{Mnemonic} {Operands}";
}

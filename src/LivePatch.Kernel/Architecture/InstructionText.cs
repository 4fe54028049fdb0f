namespace LivePatch.Kernel.Architecture;

/// <summary>Texts of single instructions.</summary>
public static class InstructionText
{
    /// <summary>An instruction as a disassembler writes it; says so when it does not know it.</summary>
    /// <param name="decoder">The disassembler.</param>
    /// <param name="instruction">One whole instruction.</param>
    public static string TextOf(this IInstructionDecoder decoder, ReadOnlySpan<byte> instruction) =>
        decoder.TryDecode(instruction, 0, out var decoded) && decoded.Length == instruction.Length ? decoded.ToString() : "(unknown instruction)";
}

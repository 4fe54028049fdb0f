using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Architecture;

/// <summary>The instruction boundaries and texts of one machine. Safe for concurrent use.</summary>
public interface IInstructionDecoder
{
    /// <summary>The length of the instruction at an offset, without making its text.</summary>
    /// <param name="code">Code bytes.</param>
    /// <param name="offset">Where the instruction starts.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>False when there is no whole, known instruction at that offset.</returns>
    /// <exception cref="DiagnosticException">The disassembler cannot be loaded (LP0201).</exception>
    bool TryGetLength(ReadOnlySpan<byte> code, int offset, out int length);

    /// <summary>The instruction at an offset.</summary>
    /// <param name="code">Code bytes.</param>
    /// <param name="offset">Where the instruction starts.</param>
    /// <param name="instruction">The instruction; its Offset is <paramref name="offset"/>.</param>
    /// <returns>False when there is no whole, known instruction at that offset.</returns>
    /// <exception cref="DiagnosticException">The disassembler cannot be loaded (LP0201).</exception>
    bool TryDecode(ReadOnlySpan<byte> code, int offset, out DecodedInstruction instruction);

    /// <summary>
    /// All instructions from the start to the end. A byte that starts no known instruction comes as one invalid
    /// instruction of length 1, so the lengths always add up to the length of the code.
    /// </summary>
    /// <param name="code">Code bytes.</param>
    /// <param name="address">Address of the first byte, for the text of PC-relative operands.</param>
    /// <exception cref="DiagnosticException">The disassembler cannot be loaded (LP0201).</exception>
    IReadOnlyList<DecodedInstruction> Disassemble(ReadOnlyMemory<byte> code, ulong address = 0);
}

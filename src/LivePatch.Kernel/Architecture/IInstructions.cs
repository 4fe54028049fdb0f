namespace LivePatch.Kernel.Architecture;

/// <summary>The instructions of one machine.</summary>
public interface IInstructions
{
    /// <summary>Boundaries and texts. The disassembler is loaded at its first use.</summary>
    IInstructionDecoder Decoder { get; }

    /// <summary>Where each instruction ends, ascending; stops at the first byte that is no instruction.</summary>
    ulong[] Ends(ReadOnlySpan<byte> code);

    /// <summary>True when what follows an instruction may be executed after it; calls count as not coming back, since one
    /// that ends a function does not.</summary>
    /// <param name="instruction">One whole instruction.</param>
    bool RunsOn(ReadOnlySpan<byte> instruction);

    /// <summary>What an instruction does with the address in one of its fields.</summary>
    /// <param name="instruction">One whole instruction.</param>
    /// <param name="offset">Where in it the field begins.</param>
    AddressUse UseOf(ReadOnlySpan<byte> instruction, int offset);

    /// <summary>True when the displacement at an offset belongs to a memory operand that the instruction reads or writes; false for
    /// immediates and for instructions that only compute an address.</summary>
    /// <param name="instruction">One whole instruction.</param>
    /// <param name="offset">Where in it the displacement begins.</param>
    bool IsMemoryOperand(ReadOnlySpan<byte> instruction, int offset);

    /// <summary>The instructions with what is needed to follow arguments to calls; null when the code cannot be decoded.</summary>
    IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code);

    /// <summary>How many bytes at the start of some code are what assemblers, linkers and objtool put between functions: a nop of any
    /// length, a breakpoint, a zero. 0 when something else is there.</summary>
    int FillerLength(ReadOnlySpan<byte> code);
}

using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Flow;

/// <summary>One thing that is done with an address.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Where">The function in which, or the data that holds it.</param>
/// <param name="Offset">Offset of the instruction in the function, from its symbol; 0 for data.</param>
/// <param name="Instruction">The instruction as a disassembler writes it; empty for data.</param>
/// <param name="Other">The function it is passed to, or the atom it is written to; null when that is not known.</param>
public sealed record AddressUse(AddressUseKind Kind, Atom Where, ulong Offset, string Instruction, string? Other = null)
{
    /// <summary>Bytes the instruction has.</summary>
    public int Length { get; init; }

    /// <summary>Passed: it may be the first argument.</summary>
    public bool IsFirstArgument { get; init; }

    /// <summary>"store+0x1c (INSTRUCTION)".</summary>
    public string Place => Instruction.Length == 0 ? Where.Name : $"{Where.Name}+0x{Offset:x} ({Instruction})";
}

namespace LivePatch.Kernel.Architecture;

/// <summary>What following addresses through code needs to know of a machine.</summary>
public interface IAddressFlow
{
    /// <summary>Which registers calls use.</summary>
    CallConvention Calls { get; }

    /// <summary>The instructions, with what each does to addresses; null when the code cannot be cut into instructions.</summary>
    IReadOnlyList<FlowInstruction>? Decode(ReadOnlySpan<byte> code);

    /// <summary>True for code that a jump goes to in the place of a return instruction.</summary>
    bool IsReturnThunk(string symbol);

    /// <summary>True for code that jumps or calls on to where a register points.</summary>
    bool IsIndirectThunk(string symbol);

    /// <summary>True for code with a calling convention of its own, which leaves the argument registers as they are.</summary>
    bool KeepsArguments(string symbol);
}

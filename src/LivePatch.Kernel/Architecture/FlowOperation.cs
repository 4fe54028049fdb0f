namespace LivePatch.Kernel.Architecture;

/// <summary>What an instruction does with addresses, for following where one goes.</summary>
public enum FlowOperation
{
    /// <summary>Nothing with its operands that matters here.</summary>
    None,

    /// <summary>The target becomes the source.</summary>
    Move,

    /// <summary>The target becomes the address the source operand names; memory is not touched.</summary>
    Address,

    /// <summary>The target becomes the sum of both.</summary>
    Add,

    /// <summary>The target becomes a combination of both, which is still an address when one was (or, and, a conditional move).</summary>
    Combine,

    /// <summary>The target becomes the difference of both.</summary>
    Difference,

    /// <summary>The target becomes something that is no address any more.</summary>
    Clear,

    /// <summary>The target becomes a number made of the source, by which one address is as little like another as any two numbers: a shift,
    /// a negation.</summary>
    Number,

    /// <summary>The target becomes such a number made of both: a product, a quotient.</summary>
    NumberOfBoth,

    /// <summary>Both are compared.</summary>
    Compare,

    /// <summary>Both change places.</summary>
    Exchange,

    /// <summary>The target is compared with the result register, and becomes the source when equal.</summary>
    CompareExchange,

    /// <summary>A call; the source is what is called when that is no constant.</summary>
    Call,

    /// <summary>An unconditional jump; the source is where to when that is no constant.</summary>
    Jump,

    /// <summary>A conditional jump.</summary>
    Branch,

    /// <summary>A return.</summary>
    Return,

    /// <summary>The source goes onto the stack.</summary>
    Push,

    /// <summary>The target comes from the stack.</summary>
    Pop,

    /// <summary>The stack pointer becomes the frame pointer, which is popped.</summary>
    Leave,

    /// <summary>Memory at the second argument register is copied to the first.</summary>
    CopyString,

    /// <summary>Memory at the first argument register is filled with the result register.</summary>
    StoreString,

    /// <summary>Nothing comes after it.</summary>
    Stop,

    /// <summary>The exception WARN and BUG are made of; behind a WARN the code goes on.</summary>
    Trap,

    /// <summary>The disassembler does not know it, or it is not classified: its target may hold anything the source held.</summary>
    Unknown,
}

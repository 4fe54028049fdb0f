using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture;

/// <summary>What comparing and copying code needs to know of a machine.</summary>
public partial interface IArchitecture
{
    /// <summary>The relocation that writes a full address.</summary>
    uint AddressRelocation { get; }

    /// <summary>True when the relocation is only used by calls and jumps, whose field ends the instruction.</summary>
    bool IsBranch(uint relocationType);

    /// <summary>True when the relocated field is the displacement of a call or jump, judged by the bytes before it.</summary>
    bool IsBranchField(ReadOnlySpan<byte> code, ulong offset);

    /// <summary>True when two types mean the same in a module, as the assembler's choice between PC32 and PLT32 does.</summary>
    bool AreEquivalent(uint left, uint right);

    /// <summary>True for symbols of the padding before a function (__pfx_, __cfi_).</summary>
    bool IsPrefixSymbol(string name);

    /// <summary>True when the displacement at an offset belongs to a memory operand that the instruction reads or writes; false for
    /// immediates and for instructions that only compute an address.</summary>
    /// <param name="instruction">One whole instruction.</param>
    /// <param name="offset">Where in it the displacement begins.</param>
    bool IsMemoryOperand(ReadOnlySpan<byte> instruction, int offset);

    /// <summary>Offset of the tracer's call site in a function; null when there is none at its entry.</summary>
    /// <param name="code">The function, prefix padding included.</param>
    /// <param name="entry">Offset of its entry in <paramref name="code"/>.</param>
    /// <param name="relocations">Its relocations with their offsets in <paramref name="code"/>, ascending.</param>
    ulong? FindFtraceSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations);

    /// <summary>True when bytes are only what assemblers and linkers put between functions or variables.</summary>
    /// <param name="bytes">What lies behind the last byte of a function or variable.</param>
    /// <param name="isCode">True in a code section.</param>
    bool IsFiller(ReadOnlySpan<byte> bytes, bool isCode);

    /// <summary>True when the field at an offset is the distance of a direct call.</summary>
    bool IsCallField(ReadOnlySpan<byte> code, ulong offset);

    /// <summary>Makes a no-op of the jump that a compiler leaves at a static branch where objtool is to make one by the entry in the table of jump labels.
    /// </summary>
    /// <param name="code">The code from the branch on; changed in place.</param>
    /// <param name="keyAddend">Addend of the reference to the key in the branch's entry.</param>
    /// <returns>How many bytes were changed; 0 where the branch is a no-op already.</returns>
    int TurnOffBranch(Span<byte> code, long keyAddend);

    /// <summary>Where each instruction ends, ascending; stops at the first byte that is no instruction.</summary>
    ulong[] InstructionEnds(ReadOnlySpan<byte> code);

    /// <summary>The instructions with what is needed to follow arguments to calls; null when the code cannot be decoded.</summary>
    IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code);

    /// <summary>The machine's special sections with entry sizes of one kernel, in bytes by structure name.</summary>
    SpecialSectionCatalog SpecialSections(IReadOnlyDictionary<string, int> structSizes);

    /// <summary>A call site of the tracer that was made a nop at build time is made a call again: the loader of a module
    /// expects the call and turns it off itself.</summary>
    /// <param name="code">The function's bytes, changed in place.</param>
    /// <param name="site">Offset of the site.</param>
    /// <returns>The relocation type and addend the site needs; null when the bytes are no nop of its size.</returns>
    (uint Type, long Addend)? RestoreFtraceCall(Span<byte> code, ulong site);
}

namespace LivePatch.Kernel.Architecture;

/// <summary>Distances in the instructions of one machine: where they lead, and how far they reach.</summary>
public interface IBranches
{
    /// <summary>The field of an instruction that holds a distance; null when it has none.</summary>
    /// <param name="instruction">One whole instruction.</param>
    PcRelativeField? Field(ReadOnlySpan<byte> instruction);

    /// <summary>Makes an instruction lead elsewhere; false when it does not reach that far, and is left as it was.</summary>
    /// <param name="instruction">One whole instruction; changed in place.</param>
    /// <param name="field">Its field.</param>
    /// <param name="target">Where to, counted from the instruction's first byte.</param>
    bool TryLead(Span<byte> instruction, in PcRelativeField field, long target);

    /// <summary>Puts zeros in the place of a distance.</summary>
    /// <param name="instruction">The instruction that has it; changed in place.</param>
    /// <param name="field">Where it is.</param>
    void Clear(Span<byte> instruction, in PcRelativeField field);

    /// <summary>The long form of a short branch, with zeros in its field; empty when there is none.</summary>
    /// <param name="instruction">One whole instruction.</param>
    ReadOnlySpan<byte> LongForm(ReadOnlySpan<byte> instruction);

    /// <summary>A jump as far as any address, with zeros in its field.</summary>
    ReadOnlySpan<byte> FarJump { get; }

    /// <summary>True when the field of a short branch can lead to a place.</summary>
    /// <param name="distance">How far behind the field's first byte the place lies.</param>
    bool ReachesShort(long distance);

    /// <summary>Makes a short branch lead to a place within its reach (see <see cref="ReachesShort"/>).</summary>
    /// <param name="field">The code from the branch's field on; changed in place.</param>
    /// <param name="distance">How far behind the field's first byte the place lies.</param>
    void LeadShort(Span<byte> field, long distance);

    /// <summary>True when the relocated field is the distance of a call or jump, judged by the code it lies in.</summary>
    bool IsBranchField(ReadOnlySpan<byte> code, ulong offset);

    /// <summary>Where linked code calls or jumps to one of some addresses directly, by what its bytes look like; other bytes may look
    /// the same.</summary>
    /// <param name="code">Code.</param>
    /// <param name="address">Address of its first byte.</param>
    /// <param name="targets">Addresses that are looked for.</param>
    IEnumerable<(ulong Site, ulong Target)> Find(ReadOnlyMemory<byte> code, ulong address, IReadOnlySet<ulong> targets);

    /// <summary>True when the field at an offset is the distance of a direct call.</summary>
    bool IsCallField(ReadOnlySpan<byte> code, ulong offset);

    /// <summary>How many bytes at the start of some code are a jump for which there is a nop of the same size in other code: the two forms
    /// a static branch is shipped in. 0 when they are not.</summary>
    /// <param name="code">Code with the jump.</param>
    /// <param name="other">Code with the nop.</param>
    int NopForJump(ReadOnlySpan<byte> code, ReadOnlySpan<byte> other);

    /// <summary>Makes a no-op of the jump that a compiler leaves at a static branch where objtool is to make one by the entry in the table
    /// of jump labels.
    /// </summary>
    /// <param name="code">The code from the branch on; changed in place.</param>
    /// <param name="keyAddend">Addend of the reference to the key in the branch's entry.</param>
    /// <returns>How many bytes were changed; 0 where the branch is a no-op already.</returns>
    int TurnOffBranch(Span<byte> code, long keyAddend);
}

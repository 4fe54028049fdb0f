namespace LivePatch.Diff.Flow;

/// <summary>What a register or stack slot may hold.</summary>
[Flags]
internal enum FlowTaint : byte
{
    /// <summary>Nothing of interest.</summary>
    None = 0,

    /// <summary>The address that is followed, or one derived from it.</summary>
    Address = 1,

    /// <summary>The address of data that holds the one that is followed.</summary>
    Holder = 2,

    /// <summary>An address in the function's own stack frame.</summary>
    Stack = 4,
}

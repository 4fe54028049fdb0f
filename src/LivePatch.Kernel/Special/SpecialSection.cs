namespace LivePatch.Kernel.Special;

/// <summary>One kind of table whose entries belong to functions.</summary>
/// <param name="Name">Section name.</param>
/// <param name="Rule">What is special about its entries.</param>
/// <param name="StructName">The kernel's name of the entry type, whose size the target kernel tells; null when the entry
/// is a bare address field.</param>
/// <param name="FixedEntrySize">Size in bytes of a bare address field; null when the type decides.</param>
/// <param name="OwnerOffset">Offset in the entry of the field that refers to the owning code.</param>
/// <param name="Derived">True when the entries only restate what the code already says: not compared.</param>
public sealed record SpecialSection(
    string Name,
    SpecialSectionRule Rule,
    string? StructName = null,
    int? FixedEntrySize = null,
    int OwnerOffset = 0,
    bool Derived = false)
{
    /// <summary>Offset of the field that refers to a static key; -1 when there is none.</summary>
    public int KeyOffset { get; init; } = -1;

    /// <summary>For unwind tables the other table of the pair.</summary>
    public string? Companion { get; init; }

    /// <summary>Bytes counted from the end of the entry that hold a source line, which no comparison looks at:
    /// (distance of the field's start from the end, field width); null when there are none.</summary>
    public (int FromEnd, int Width)? LineNumber { get; init; }

    /// <summary>True when the kernel does without an entry: nothing but the cost of the code it names is other then.</summary>
    public bool IsOptional { get; init; }

    /// <summary>A symbol every kernel has that wants this table of its modules: where its own begins. Null when the table is not asked
    /// for.</summary>
    public string? KernelSymbol { get; init; }

    /// <summary>Starts of the names of functions of which every direct call or jump has an entry; empty when entries do not
    /// depend on that.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Callees { get; init; } = [];

    /// <summary>True when the last entry of the table may lack its tail padding.</summary>
    public bool ShortLastEntry { get; init; }
}

namespace LivePatch.Elf.Dwarf;

/// <summary>What is kept of a debugging information entry: enough to lay out a C type.</summary>
/// <param name="Tag">DW_TAG_*.</param>
/// <param name="Parent">Index of the entry it is in; -1 for a unit.</param>
internal readonly record struct DwarfEntry(ushort Tag, int Parent)
{
    /// <summary>DW_AT_name; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>DW_AT_type, as an offset in .debug_info; -1 when there is none.</summary>
    public long Type { get; init; }

    /// <summary>DW_AT_byte_size; null when it is not given.</summary>
    public long? ByteSize { get; init; }

    /// <summary>DW_AT_bit_size: set for bit fields only.</summary>
    public long? BitSize { get; init; }

    /// <summary>Offset in bits from the start of the structure.</summary>
    public long BitOffset { get; init; }

    /// <summary>Elements of an array's dimension; null when they are not known.</summary>
    public long? Count { get; init; }

    /// <summary>DW_AT_const_value of an enumerator.</summary>
    public long Value { get; init; }

    /// <summary>Only declared here.</summary>
    public bool IsDeclaration { get; init; }
}

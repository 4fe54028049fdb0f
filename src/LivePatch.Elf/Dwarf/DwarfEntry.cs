namespace LivePatch.Elf.Dwarf;

/// <summary>What is kept of a debugging information entry: enough to lay out a C type, and to say where variables and functions lie.</summary>
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

    /// <summary>DW_AT_abstract_origin or DW_AT_specification: the entry that says the rest; -1 when there is none.</summary>
    public long Origin { get; init; }

    /// <summary>DW_AT_encoding of a base type.</summary>
    public byte Encoding { get; init; }

    /// <summary>DW_AT_decl_file: a number of the unit's line table; -1 when it is not given.</summary>
    public int DeclarationFile { get; init; } = -1;

    /// <summary>DW_AT_decl_line; 0 when it is not given.</summary>
    public int DeclarationLine { get; init; }

    /// <summary>DW_AT_call_line of an inlined call; 0 when it is not given.</summary>
    public int CallLine { get; init; }

    /// <summary>The section of <see cref="Address"/>; null when it has no address in the object.</summary>
    public ElfSection? Section { get; init; }

    /// <summary>Where a variable lies, or where code begins: an offset in <see cref="Section"/>.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes of code from <see cref="Address"/> on; 0 when it is not one piece.</summary>
    public ulong Length { get; init; }

    /// <summary>DW_AT_ranges as an offset in the unit's list of ranges; -1 when there is none.</summary>
    public long Ranges { get; init; }

    /// <summary>Only declared here.</summary>
    public bool IsDeclaration { get; init; }

    /// <summary>DW_AT_noreturn: a function that is declared never to return.</summary>
    public bool NeverReturns { get; init; }
}

namespace LivePatch.Elf.Dwarf;

/// <summary>A field of a structure.</summary>
/// <param name="Name">Name, with those of the fields around it: "u.raw".</param>
/// <param name="BitOffset">Bits from the structure's start.</param>
/// <param name="BitSize">Bits.</param>
/// <param name="Aggregate">The named structure or union it, or its elements, are: "struct list_head"; null otherwise.</param>
public sealed record FieldLayout(string Name, long BitOffset, long BitSize, string? Aggregate)
{
    /// <summary>Its type by meaning: const and typedefs do not count; empty where that is that of its fields.</summary>
    public string Type { get; init; } = string.Empty;

    /// <summary>Its type as C writes it.</summary>
    public string TypeText { get; init; } = string.Empty;
}

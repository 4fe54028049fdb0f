namespace LivePatch.Elf.Dwarf;

/// <summary>A named type as it lies in memory.</summary>
/// <param name="Name">As C names it: "struct foo", "union bar", "enum baz", or a typedef's name for a type without one.</param>
/// <param name="Function">The function it is local to; null at file scope.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Fields">Fields in order, those of unnamed structures inside included; empty for an enumeration.</param>
/// <param name="Values">Enumerators in order; empty otherwise.</param>
public sealed record TypeLayout(
    string Name, string? Function, long Size, IReadOnlyList<FieldLayout> Fields, IReadOnlyList<EnumeratorValue> Values);

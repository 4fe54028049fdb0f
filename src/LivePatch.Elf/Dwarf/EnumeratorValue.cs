namespace LivePatch.Elf.Dwarf;

/// <summary>A constant of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public readonly record struct EnumeratorValue(string Name, long Value);

namespace LivePatch.Elf.Dwarf;

/// <summary>A unit of .debug_info.</summary>
/// <param name="First">Index of its first entry.</param>
/// <param name="End">Index behind its last entry.</param>
/// <param name="Version">DWARF version.</param>
/// <param name="AddressBase">Where its addresses begin in .debug_addr.</param>
/// <param name="RangeListsBase">Where its offsets of lists begin in .debug_rnglists.</param>
internal readonly record struct DwarfUnit(int First, int End, int Version, long AddressBase, long RangeListsBase);

using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>One entry of a special table.</summary>
/// <param name="Table">What the table is.</param>
/// <param name="Section">Its section.</param>
/// <param name="Start">Where the entry begins in it.</param>
/// <param name="Length">Its bytes; the last one may lack its padding.</param>
/// <param name="Owner">Where the code it belongs to lies, in its section.</param>
internal readonly record struct TableRow(SpecialSection Table, ElfSection Section, ulong Start, int Length, ulong Owner);

using LivePatch.Elf;

namespace LivePatch.Proof;

/// <summary>
/// What an address means: a place in a section of the file, a place counted from a symbol that lies outside, or a plain number.
/// </summary>
/// <param name="Section">The section, for what the file defines.</param>
/// <param name="Symbol">The symbol it is counted from: always there for what lies outside; for what the file defines, only where the
/// relocation names more than the section.</param>
/// <param name="Offset">Bytes from the section's start, from the symbol outside, or the number.</param>
internal readonly record struct Address(ElfSection? Section, ElfSymbol? Symbol, long Offset)
{
    public bool IsDefined => Section is not null;

    public bool IsOutside => Section is null && Symbol is not null;

    public bool IsNumber => Section is null && Symbol is null;

    public static Address Number(long value) => new(null, null, value);
}

namespace LivePatch.Diff.Objects;

/// <summary>The literal a reference means, and where in it.</summary>
/// <param name="Section">The section of literals.</param>
/// <param name="Start">Where the literal begins in the section.</param>
/// <param name="End">Where it ends, terminator included.</param>
/// <param name="Inner">Where in the literal the reference leads. Compilers fold index arithmetic into it, so it may lie outside.</param>
public readonly record struct Literal(Atom Section, long Start, long End, long Inner)
{
    /// <summary>All bytes of the literal, whatever the reference means of it: code may go backwards from there.</summary>
    public ReadOnlySpan<byte> Content => Section.Section.Data.Span[(int)Start..(int)End];
}

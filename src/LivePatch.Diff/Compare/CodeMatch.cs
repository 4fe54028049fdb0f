namespace LivePatch.Diff.Compare;

/// <summary>Two functions that are the same instruction by instruction but for source lines, whose widths may move everything behind
/// them.</summary>
/// <param name="Distance">By how many lines all of them moved; null when not all moved by as much.</param>
/// <param name="Before">Where each instruction begins in the original.</param>
/// <param name="After">Where the same instruction begins in the patched function.</param>
internal sealed record CodeMatch(long? Distance, ulong[] Before, ulong[] After)
{
    /// <summary>The place in the patched function of a byte of the original.</summary>
    public ulong Map(ulong offset)
    {
        var index = Array.BinarySearch(Before, offset);
        index = index < 0 ? ~index - 1 : index;
        return index < 0 ? offset : After[index] + (offset - Before[index]);
    }
}

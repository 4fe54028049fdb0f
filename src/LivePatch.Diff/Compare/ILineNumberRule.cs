using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>Tells source line numbers from other numbers.</summary>
internal interface ILineNumberRule
{
    /// <summary>By how many lines all line numbers in a function's code moved, when nothing else in it differs; else null.</summary>
    long? DistanceOfLines(Atom original, Atom patched);

    /// <summary>True when a line may have moved from one number to the other.</summary>
    bool IsMoved(long from, long to);
}

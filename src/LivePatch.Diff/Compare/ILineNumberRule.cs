using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>Tells source line numbers from other numbers.</summary>
internal interface ILineNumberRule
{
    /// <summary>How the instructions of two functions correspond, when nothing differs in their own bytes but line numbers and what
    /// these displace; else null. What they refer to is not compared.</summary>
    CodeMatch? Match(Atom original, Atom patched);

    /// <summary>True when both numbers are the line of the source that the code at the two places comes from.</summary>
    bool AreLines(Atom original, ulong originalOffset, Atom patched, ulong patchedOffset, long from, long to);
}

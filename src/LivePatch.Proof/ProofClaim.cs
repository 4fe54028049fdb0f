namespace LivePatch.Proof;

/// <summary>A range of the module that a proof compared.</summary>
/// <param name="Section">Index of the section in the module.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">One behind its last byte.</param>
internal readonly record struct ProofClaim(int Section, long Start, long End);

namespace LivePatch.ProofRuns;

/// <summary>One thing of a module that was changed.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Section">The section whose meaning it changes; empty for the whole file.</param>
/// <param name="Offset">Where in it; -1 for all of it.</param>
/// <param name="Text">For people.</param>
internal sealed record Break(string Kind, string Section, int Index, long Offset, string Text);

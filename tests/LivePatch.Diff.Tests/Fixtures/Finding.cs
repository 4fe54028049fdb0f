namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>A diagnostic a case expects.</summary>
/// <param name="Id">LPnnnn.</param>
/// <param name="Place">Pattern for the symbol or section it is located at.</param>
public sealed record Finding(string Id, string Place);

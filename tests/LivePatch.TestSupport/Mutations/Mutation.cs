namespace LivePatch.TestSupport.Mutations;

/// <summary>An object with one thing changed.</summary>
/// <param name="What">What was changed, as a phrase.</param>
/// <param name="Content">The changed file.</param>
/// <param name="Section">Index of the section whose content, relocation or header was changed; null for a symbol.</param>
/// <param name="Offset">Where in the section; null for its header.</param>
/// <param name="Symbol">Index of the symbol that was changed; null for a section.</param>
public sealed record Mutation(string What, byte[] Content, int? Section, ulong? Offset, int? Symbol);

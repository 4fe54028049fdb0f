namespace LivePatch.Module.Verify;

/// <summary>A .klp.sym symbol: the object and name it stands for and its position among equal names (0: unique).</summary>
public sealed record KlpSymbolFact(string ObjectName, string Name, uint Sympos);

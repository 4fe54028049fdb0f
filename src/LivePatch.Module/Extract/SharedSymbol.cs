namespace LivePatch.Module.Extract;

/// <summary>A new function or variable that other objects of the same livepatch may use.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="LinkName">Its global name in the extracted object.</param>
/// <param name="LateSymbol">A symbol of the patched module that it, or what it refers to, needs and that is only known once
/// that module is loaded; null when it can be used at any time.</param>
/// <param name="SiblingUses">Link names of the other objects' new symbols that it, or what it refers to, uses.</param>
public sealed record SharedSymbol(string Name, string LinkName, string? LateSymbol, IReadOnlyList<string> SiblingUses);

using LivePatch.Diff;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Bind;

/// <summary>One of the objects a patch changes, as the others see it.</summary>
/// <param name="Index">Its number in the module; part of its link names.</param>
/// <param name="Path">The object's path in the tree.</param>
/// <param name="Owner">"vmlinux" or the module it is linked into.</param>
/// <param name="Diff">The comparison; it has its objects.</param>
/// <param name="Resolver">Finds symbols for its code; null when there is none, which was reported.</param>
public sealed record SiblingObject(int Index, string Path, string Owner, DiffResult Diff, Lazy<ISymbolResolver?> Resolver);

using LivePatch.Diff.Objects;

namespace LivePatch.Module.Bind;

/// <summary>A symbol that an object of the patch defines for the others and the running kernel does not have under that name.</summary>
/// <param name="Object">The object.</param>
/// <param name="Atom">The definition in the patched object.</param>
/// <param name="Original">What it was before the patch: a static, or something with another name. Null when it is new.</param>
internal sealed record SiblingDefinition(SiblingObject Object, Atom Atom, Atom? Original);

namespace LivePatch.Kbuild.Units;

/// <summary>An object to compile for the patch.</summary>
/// <param name="Object">Its path in the patched tree.</param>
/// <param name="Original">The object it is compared with, by its path in the unpatched tree: the same, or another one when the
/// source was renamed. Null when the patch adds the source.</param>
public sealed record CompileUnit(string Object, string? Original);

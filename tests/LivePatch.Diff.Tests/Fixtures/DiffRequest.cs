namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>What a case hands to the engine.</summary>
/// <param name="OriginalObject">Path of the object before the patch.</param>
/// <param name="PatchedObject">Path of the object after the patch.</param>
/// <param name="ObjectName">"vmlinux" or the module the object belongs to.</param>
/// <param name="ModuleOwned">Undefined symbols that some module defines; vmlinux defines all others.</param>
/// <param name="StructSizes">Entry sizes in bytes of the target kernel's tables by structure name.</param>
/// <param name="MovedLines">For each line of the original source its line in the patched one; null when not known.</param>
public sealed record DiffRequest(
    string OriginalObject,
    string PatchedObject,
    string ObjectName,
    IReadOnlySet<string> ModuleOwned,
    IReadOnlyDictionary<string, int> StructSizes,
    IReadOnlyDictionary<int, int>? MovedLines);

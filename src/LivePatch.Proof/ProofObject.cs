using LivePatch.Elf;

namespace LivePatch.Proof;

/// <summary>A compiled object of the patch, as part of one owner.</summary>
/// <param name="Path">Its path in the kernel tree.</param>
/// <param name="Owner">"vmlinux" or the run-time name of the module it is linked into.</param>
/// <param name="Original">The object before the patch.</param>
/// <param name="Patched">The object after it.</param>
public sealed record ProofObject(string Path, string Owner, ElfObject Original, ElfObject Patched);

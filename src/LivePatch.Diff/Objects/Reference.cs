using LivePatch.Elf;

namespace LivePatch.Diff.Objects;

/// <summary>
/// A relocation with its target resolved: section symbols are replaced by what they lead to.
/// </summary>
/// <param name="Offset">Offset of the relocated field in the atom, in bytes.</param>
/// <param name="Relocation">The relocation as it stands in the file.</param>
/// <param name="Target">The atom referred to; null when it is outside the object.</param>
/// <param name="TargetOffset">For an atom: offset in it that is referred to, in bytes. For literals: offset in their
/// section. For an outside symbol: the addend.</param>
public readonly record struct Reference(ulong Offset, ElfRelocation Relocation, Atom? Target, long TargetOffset)
{
    /// <summary>The symbol outside the object; null when <see cref="Target"/> is set.</summary>
    public ElfSymbol? External => Target is null ? Relocation.Symbol : null;
}

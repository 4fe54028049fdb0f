using LivePatch.Core.Diagnostics;
using LivePatch.Elf;

namespace LivePatch.Diff.Objects;

/// <summary>
/// A relocation with its target resolved: section symbols are replaced by what they lead to. Where the assembler filled the
/// field in itself, as it does between the functions of one section, the relocation is the one it would have written.
/// </summary>
/// <param name="Offset">Offset of the relocated field in the atom, in bytes.</param>
/// <param name="Relocation">The relocation as it stands in the file.</param>
/// <param name="Target">The atom referred to; null when it is outside the object.</param>
/// <param name="TargetOffset">For an atom: offset in it that is referred to, in bytes. For literals: offset in their
/// section. For an outside symbol: the addend.</param>
public readonly record struct Reference(ulong Offset, ElfRelocation Relocation, Atom? Target, long TargetOffset)
{
    /// <summary>True when the file has no relocation here: the assembler filled the field in. The atom's bytes are zero there.</summary>
    public bool IsFilledIn { get; init; }

    /// <summary>True for a branch filled in whose field has one byte only.</summary>
    public bool IsShort { get; init; }

    /// <summary>True for code that runs on into the next function; there is no field, and <see cref="Offset"/> is where the code
    /// ends.</summary>
    public bool IsFallThrough { get; init; }

    /// <summary>What is added to the address that is meant, as by __pa_symbol() or where data is measured from another place than
    /// the field; 0 mostly.</summary>
    public long Bias { get; init; }

    /// <summary>Why it is not certain what is meant; it matters once the atom is copied.</summary>
    public Diagnostic? Doubt { get; init; }

    /// <summary>True for the address of a label inside a function, as computed gotos use: only that function's code can
    /// jump there, so such an address means this very version of the function.</summary>
    public bool IsLabel => Target is { Kind: AtomKind.Function, Symbol: not null } function && TargetOffset != (long)function.EntryOffset;

    /// <summary>The symbol outside the object; null when <see cref="Target"/> is set.</summary>
    public ElfSymbol? External => Target is null ? Relocation.Symbol : null;
}

namespace LivePatch.Kernel.Symbols;

/// <summary>One symbol of a kernel object, as the kernel's own lookup sees it.</summary>
/// <param name="Name">The whole name, compiler suffixes (<c>.isra.0</c>) included.</param>
/// <param name="Address">Link address for vmlinux; offset in <see cref="Section"/> for a module file.</param>
/// <param name="TypeCharacter">The letter of nm and kallsyms: upper case for global symbols.</param>
/// <param name="Size">Size in bytes; 0 when unknown (kallsyms does not tell).</param>
/// <param name="IsGlobal">True for global and weak binding. Of a per-CPU variable read from kallsyms (letter A) it is not
/// known, and true.</param>
public readonly record struct KernelSymbol(string Name, ulong Address, char TypeCharacter, ulong Size, bool IsGlobal)
{
    /// <summary>The source file of a local symbol, where the symbol table says (STT_FILE); else null.</summary>
    public string? FileName { get; init; }

    /// <summary>Section of a module file, or its number where the source is readelf text; null for a linked kernel.</summary>
    public string? Section { get; init; }

    /// <summary>How long the kernel knows it.</summary>
    public SymbolLifetime Lifetime { get; init; }

    /// <summary>Code, as far as the letter tells.</summary>
    public bool IsFunction => TypeCharacter is 't' or 'T' or 'W' or 'i';
}

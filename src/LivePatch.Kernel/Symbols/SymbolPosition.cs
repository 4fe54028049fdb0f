namespace LivePatch.Kernel.Symbols;

/// <summary>The sympos of a symbol: what to write for <c>old_sympos</c> and in <c>.klp.sym.OBJ.NAME,POS</c>.</summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Value">0 when the name is unique, else n for its n-th occurrence; meaningful only when known.</param>
public readonly record struct SymbolPosition(SymbolPositionStatus Status, int Value)
{
    /// <summary>True when <see cref="Value"/> may be emitted.</summary>
    public bool IsKnown => Status == SymbolPositionStatus.Known;
}

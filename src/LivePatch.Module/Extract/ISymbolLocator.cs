namespace LivePatch.Module.Extract;

/// <summary>Finds out where the running kernel has a symbol whose name does not tell.</summary>
public interface ISymbolLocator
{
    /// <summary>The symbol's place in the target; null when it cannot be told beyond doubt.</summary>
    SymbolPlace? PlaceOf(SymbolRequest request);
}

namespace LivePatch.Module.Extract;

/// <summary>Finds out where the running kernel has a symbol whose name is not unique.</summary>
public interface ISymbolLocator
{
    /// <summary>The symbol's address in the target image; null when it cannot be told beyond doubt.</summary>
    ulong? AddressOf(SymbolRequest request);
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Module.Extract;

/// <summary>Finds symbols in the target kernel.</summary>
public interface ISymbolResolver
{
    /// <summary>How a reference reaches its symbol; null when a diagnostic says why it cannot.</summary>
    SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics);

    /// <summary>Where a function to be replaced is: its object, name and position, never an export.</summary>
    SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics);
}

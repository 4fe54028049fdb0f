using LivePatch.Core.Diagnostics;

namespace LivePatch.Module.Shipped;

/// <summary>Diagnostics of comparing a source with the code that was shipped.</summary>
public static class ShippedDiagnostics
{
    /// <summary>The module's code is not what its source gives.</summary>
    public static readonly DiagnosticDescriptor OtherSource = new(
        "LP0365", DiagnosticKind.Error, "The module was not built from this source",
        "Give the source the module was built from, the same make arguments (--make-args) and the same compiler (--cc).");
}

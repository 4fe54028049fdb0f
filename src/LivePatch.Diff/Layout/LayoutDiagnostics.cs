using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff.Layout;

/// <summary>What is said about types that lie differently in memory, LP0540 to LP0549.</summary>
public static class LayoutDiagnostics
{
    /// <summary>A structure or union lies differently in memory.</summary>
    public static readonly DiagnosticDescriptor LayoutChanged = new(
        "LP0540", DiagnosticKind.Refusal, "The layout of a structure changes",
        "Leave the structure as it is and keep new data in a shadow variable (klp_shadow_alloc).");

    /// <summary>Enumerators have other values.</summary>
    public static readonly DiagnosticDescriptor ValuesChanged = new(
        "LP0541", DiagnosticKind.Refusal, "The values of an enumeration change",
        "Give new enumerators values of their own behind the existing ones.");

    /// <summary>The author accepted a change of layout or values.</summary>
    public static readonly DiagnosticDescriptor Accepted = new(
        "LP0542", DiagnosticKind.Warning, "A change of layout is accepted on the author's word",
        "Check that no instance made by the old code is used by the new, nor the other way round.");

    /// <summary>Layouts cannot be compared.</summary>
    public static readonly DiagnosticDescriptor NotChecked = new(
        "LP0543", DiagnosticKind.Warning, "Layouts of structures were not checked",
        "Check by hand that the patch moves no field of a structure.");

    /// <summary>An accepted type does not change.</summary>
    public static readonly DiagnosticDescriptor NothingToAccept = new(
        "LP0544", DiagnosticKind.Warning, "An accepted type does not change",
        "Check the name given with --allow-layout-change, or leave it out.");
}

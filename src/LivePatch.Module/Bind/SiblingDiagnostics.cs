using LivePatch.Core.Diagnostics;

namespace LivePatch.Module.Bind;

/// <summary>Diagnostics of what several objects of one patch have to do with each other.</summary>
public static class SiblingDiagnostics
{
    /// <summary>Two objects of one owner add a symbol of one name.</summary>
    public static readonly DiagnosticDescriptor DefinedTwice = new(
        "LP0346", DiagnosticKind.Refusal, "Two files add a symbol of the same name",
        "Make one of them static, or rename it: the kernel itself could not be linked this way.");

    /// <summary>A new global symbol has the name of one the running kernel has.</summary>
    public static readonly DiagnosticDescriptor NameTaken = new(
        "LP0347", DiagnosticKind.Refusal, "The kernel has a symbol of this name already",
        "Leave a moved function where it was, and give one that shall take the place of a weak function's another name: code that is "
            + "not patched keeps using the running one.");

    /// <summary>A variable went from one file to another.</summary>
    public static readonly DiagnosticDescriptor DataMoved = new(
        "LP0348", DiagnosticKind.Refusal, "A variable moves to another file",
        "Leave it in its file: its copy in the new file would start afresh, and code that is not patched keeps using the running one.");

    /// <summary>New code uses what the patch removes.</summary>
    public static readonly DiagnosticDescriptor UsesRemoved = new(
        "LP0349", DiagnosticKind.Refusal, "The patched code uses what the patch removes",
        "Remove the last use as well, or keep the function: a kernel built with this patch would not link.");

    /// <summary>Code of one owner uses new code of another that may not work yet.</summary>
    public static readonly DiagnosticDescriptor LateSibling = new(
        "LP0350", DiagnosticKind.Refusal, "New code of a module is used from outside it",
        "Put the new function into the file that uses it, or into one that is built into the kernel.");

    /// <summary>There are new functions only.</summary>
    public static readonly DiagnosticDescriptor NothingReplaced = new(
        "LP0351", DiagnosticKind.Note, "No existing function changes",
        "Check that the patch is complete: nothing in the kernel calls what it adds.");
}

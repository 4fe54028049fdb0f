using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff;

/// <summary>Errors and notes of the diff engine, LP04xx. What cannot be livepatched is in <see cref="DiffRefusals"/>.</summary>
public static class DiffDiagnostics
{
    /// <summary>The two objects are not of one kind.</summary>
    public static readonly DiagnosticDescriptor HeadersDiffer = new(
        "LP0401", DiagnosticKind.Error, "The two objects are not comparable",
        "Compile both with the same compiler, flags and configuration.");

    /// <summary>The object is linked, or for another machine.</summary>
    public static readonly DiagnosticDescriptor NotComparable = new(
        "LP0402", DiagnosticKind.Error, "The object cannot be compared",
        "Give relocatable objects (.o) of a supported machine, compiled with -ffunction-sections -fdata-sections.");

    /// <summary>A reference through a section symbol leads to no symbol.</summary>
    public static readonly DiagnosticDescriptor UnresolvedReference = new(
        "LP0403", DiagnosticKind.Error, "A reference leads to no symbol",
        "Compile with -ffunction-sections -fdata-sections and without stripping.");

    /// <summary>A split-off part has no parent function.</summary>
    public static readonly DiagnosticDescriptor ParentMissing = new(
        "LP0404", DiagnosticKind.Error, "A function part has no parent",
        "Compile both objects with the kernel's own compiler and flags.");

    /// <summary>Bytes in a text section are no instruction.</summary>
    public static readonly DiagnosticDescriptor CannotDecode = new(
        "LP0405", DiagnosticKind.Error, "Code cannot be decoded",
        "Check that both objects are of the same machine and complete.");

    /// <summary>A special section's size or relocations do not fit its entry size.</summary>
    public static readonly DiagnosticDescriptor BadSpecialSection = new(
        "LP0406", DiagnosticKind.Error, "A special section is malformed",
        "Check that the object was built for the target kernel: structure sizes differ between kernels.");

    /// <summary>Nothing that runs was changed.</summary>
    public static readonly DiagnosticDescriptor NoChange = new(
        "LP0407", DiagnosticKind.Note, "No functional change",
        "Check that the patch touches code that is built in this configuration.");

    /// <summary>A function leaves a section whose bounds the kernel looks at.</summary>
    public static readonly DiagnosticDescriptor LeavesSection = new(
        "LP0410", DiagnosticKind.Note, "A replaced function leaves its section", "Nothing to do, when that does not matter to you.");

    /// <summary>A static local of the patched object has no counterpart and is taken as new.</summary>
    public static readonly DiagnosticDescriptor NewStaticLocal = new(
        "LP0451", DiagnosticKind.Note, "A static local is taken as new",
        "Check that the patch adds it; if it was renamed, keep the old name so that its value survives.");

    /// <summary>A difference was only one of line numbers.</summary>
    public static readonly DiagnosticDescriptor LineNumbersForgiven = new(
        "LP0452", DiagnosticKind.Note, "Only line numbers differ", "Nothing to do.");

    /// <summary>The author's marker suppressed a change or a refusal.</summary>
    public static readonly DiagnosticDescriptor IgnoredByMarker = new(
        "LP0453", DiagnosticKind.Warning, "Ignored on the author's word",
        "Check that leaving this change out is what you want.");

    /// <summary>A pointer to a function whose landing pad the kernel may have removed.</summary>
    public static readonly DiagnosticDescriptor SealedTarget = new(
        "LP0455", DiagnosticKind.Warning, "Pointer to a function that was called directly only",
        "On machines with indirect branch tracking the kernel removes the landing pad of such functions at boot. Take the address of a "
            + "new static function that calls it.");

    /// <summary>A table entry that cannot work in a livepatch module was left out.</summary>
    public static readonly DiagnosticDescriptor EntryDropped = new(
        "LP0454", DiagnosticKind.Warning, "A table entry was left out",
        "The tracepoint or debug message stays off in the patched function while the livepatch is loaded.");

    /// <summary>A function that cannot be redirected is replaced by way of its callers.</summary>
    public static readonly DiagnosticDescriptor ThroughCallers = new(
        "LP0471", DiagnosticKind.Note, "A function is replaced by way of its callers",
        "Nothing to do. The body of a system call (__do_sys_...) is such a function.");

    /// <summary>The copy of a changed constant is passed to other functions.</summary>
    public static readonly DiagnosticDescriptor ConstantPassed = new(
        "LP0456", DiagnosticKind.Note, "A changed constant is passed on",
        "Check that the function only reads it.");

    /// <summary>An address that may be used when the livepatch is gone.</summary>
    public static readonly DiagnosticDescriptor Outlives = new(
        "LP0459", DiagnosticKind.Warning, "An address of the livepatch outlives it",
        "Once the livepatch is unloaded or replaced the address leads into freed memory. Take it back in the post-unpatch callback, use "
            + "something of the running kernel's, "
        + "or never unload the livepatch.");

    /// <summary>Boot code that comes out otherwise for what it uses.</summary>
    public static readonly DiagnosticDescriptor BootCode = new(
        "LP0460", DiagnosticKind.Note, "Boot code uses what changed", "Nothing to do: it has run.");

    /// <summary>New state that a cumulative livepatch loses.</summary>
    public static readonly DiagnosticDescriptor NewVariable = new(
        "LP0461", DiagnosticKind.Warning, "A new variable of a livepatch that will be replaced",
        "Keep what must survive in a shadow variable (samples/livepatch/livepatch-shadow-fix1.c in the kernel source), or build with "
            + "--no-replace.");

    /// <summary>A changed constant that goes nowhere.</summary>
    public static readonly DiagnosticDescriptor UnreadConstant = new(
        "LP0458", DiagnosticKind.Note, "A changed constant that no patched function reads", "Nothing to do.");

    /// <summary>What the patch takes away and the running kernel keeps.</summary>
    public static readonly DiagnosticDescriptor Stays = new(
        "LP0457", DiagnosticKind.Warning, "Removed, and stays in the running kernel",
        "Check that nothing goes on using it: a livepatch takes nothing away.");

    /// <summary>A variable moved into a function or out of one and keeps its value.</summary>
    public static readonly DiagnosticDescriptor VariableMoved = new(
        "LP0472", DiagnosticKind.Note, "A variable moves and keeps its running value",
        "Nothing to do, if both are meant to be the same variable.");

    /// <summary>The author paired two variables, or said that one has no counterpart.</summary>
    public static readonly DiagnosticDescriptor PairedByAuthor = new(
        "LP0473", DiagnosticKind.Warning, "A variable is paired on the author's word",
        "Check that the running value means to the new code what it meant to the old one.");

    /// <summary>The author accepted a changed prototype.</summary>
    public static readonly DiagnosticDescriptor PrototypeAccepted = new(
        "LP0474", DiagnosticKind.Warning, "A changed prototype is accepted on the author's word",
        "Check that every caller, in other objects and through pointers too, is replaced along with it.");

    /// <summary>An option names what the patch does not touch.</summary>
    public static readonly DiagnosticDescriptor NothingNamed = new(
        "LP0475", DiagnosticKind.Warning, "An option names nothing that the patch changes",
        "Check the names given with --pair or --allow-prototype-change, or leave them out.");
}

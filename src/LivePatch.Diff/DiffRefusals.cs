using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff;

/// <summary>What cannot be livepatched, LP05xx. Each is reported at the symbol or section it is about.</summary>
public static class DiffRefusals
{
    /// <summary>The initial value of an existing variable changed.</summary>
    public static readonly DiagnosticDescriptor ChangedData = Make(
        "LP0501", "Changed data",
        "The running kernel's copy keeps its value. Set it in a pre-patch callback, or keep new state in a shadow variable.");

    /// <summary>Code or data that only runs at boot or module load changed.</summary>
    public static readonly DiagnosticDescriptor ChangedInit = Make(
        "LP0502", "Changed __init or __exit code",
        "It has already run and its memory is gone. Drop this part of the patch, and do its work in a callback if it is needed.");

    /// <summary>The function has no ftrace site.</summary>
    public static readonly DiagnosticDescriptor NoFentry = Make(
        "LP0503", "Function cannot be redirected",
        "It is notrace, noinstr or compiled without -pg. Change its callers instead.");

    /// <summary>A section group changed or is new.</summary>
    public static readonly DiagnosticDescriptor SectionGroup = Make(
        "LP0504", "Changed section group", "Move the change out of the COMDAT function or template.");

    /// <summary>A variable grew or shrank.</summary>
    public static readonly DiagnosticDescriptor VariableSize = Make(
        "LP0505", "Changed size of a variable",
        "Code that is not replaced uses the old size. Keep the variable, and put new fields in a shadow variable.");

    /// <summary>A name changed from function to variable, or the like.</summary>
    public static readonly DiagnosticDescriptor SymbolKind = Make(
        "LP0506", "Changed kind of a symbol", "Give the new function or variable another name.");

    /// <summary>A variable moved to a section with another meaning.</summary>
    public static readonly DiagnosticDescriptor SymbolSection = Make(
        "LP0507", "Variable moved to another section",
        "Keep the variable's attributes (const, __read_mostly, per-cpu, __ro_after_init) as they were.");

    /// <summary>A new EXPORT_SYMBOL.</summary>
    public static readonly DiagnosticDescriptor NewExport = Make(
        "LP0508", "New or changed export",
        "Drop the EXPORT_SYMBOL from the patch: no loaded module can use it.");

    /// <summary>A new tracepoint.</summary>
    public static readonly DiagnosticDescriptor NewTracepoint = Make(
        "LP0509", "New or changed tracepoint", "Drop the tracepoint from the patch, or use trace_printk or pr_info.");

    /// <summary>A new per-cpu variable.</summary>
    public static readonly DiagnosticDescriptor NewPerCpu = Make(
        "LP0510", "New per-cpu variable", "Allocate it with alloc_percpu in a pre-patch callback.");

    /// <summary>Type, flags, entry size or alignment of a section changed.</summary>
    public static readonly DiagnosticDescriptor SectionHeader = Make(
        "LP0511", "Changed section header", "Keep the attributes of the variables in this section as they were.");

    /// <summary>A relocation type that cannot be carried over.</summary>
    public static readonly DiagnosticDescriptor Relocation = Make(
        "LP0512", "Unsupported relocation", "Compile with the kernel's own flags (no PIC, no GOT, no TLS).");

    /// <summary>The patched function no longer uses a static local, whose value would be lost.</summary>
    public static readonly DiagnosticDescriptor StaticLocalRemoved = Make(
        "LP0513", "Reference to a static local removed",
        "Keep a reference to the variable in the patched function, so that it can be paired with the running one.");

    /// <summary>A static branch on a key that lives in a module.</summary>
    public static readonly DiagnosticDescriptor ModuleStaticKey = Make(
        "LP0514", "Static branch on a module's key", "Use static_key_enabled(&key) in the patched function instead.");

    /// <summary>A static call whose key lives in a module.</summary>
    public static readonly DiagnosticDescriptor ModuleStaticCall = Make(
        "LP0515", "Static call on a module's key", "Call through the key's function pointer in the patched function instead: static_call_query(name)(...).");

    /// <summary>A table or section changed that no replaced function brings along.</summary>
    public static readonly DiagnosticDescriptor ChangedSection = Make(
        "LP0516", "Changed section that cannot be replaced",
        "Leave this table as it was; it was read at boot or belongs to no function.");

    /// <summary>A new or changed initcall or module parameter.</summary>
    public static readonly DiagnosticDescriptor Initcall = Make(
        "LP0517", "New or changed initcall or parameter",
        "Initcalls have run. Do the work in a post-patch callback.");

    /// <summary>Two same-named static locals cannot be told apart.</summary>
    public static readonly DiagnosticDescriptor StaticLocalAmbiguous = Make(
        "LP0518", "Static locals cannot be paired",
        "Give the new variable a name of its own.");

    /// <summary>A relocation points outside what it refers to.</summary>
    public static readonly DiagnosticDescriptor OutOfRange = Make(
        "LP0519", "Reference out of range", "Check the patch for an index outside an array; else report this object.");

    /// <summary>A change of assembly code.</summary>
    public static readonly DiagnosticDescriptor ChangedEntryCode = Make(
        "LP0520", "Changed code outside any function",
        "Code of .S files, entry code and top-level asm cannot be redirected. Change a C caller instead.");

    private static DiagnosticDescriptor Make(string id, string title, string remedy) =>
        new(id, DiagnosticKind.Refusal, title, remedy);
}

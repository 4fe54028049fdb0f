using LivePatch.Core.Diagnostics;

namespace LivePatch.Module;

/// <summary>Diagnostics of extraction, emission and post-link (LP06xx) and of static verification (LP07xx).</summary>
public static class ModuleDiagnostics
{
    /// <summary>A symbol the new code needs is not in the target kernel.</summary>
    public static readonly DiagnosticDescriptor SymbolMissing = new(
        "LP0601", DiagnosticKind.Refusal, "The target kernel lacks a symbol",
        "Check that the source is the target kernel's own and the configuration the same; a symbol the patch adds must be defined by "
            + "the patch.");

    /// <summary>Several symbols of the name, and which one is meant cannot be told.</summary>
    public static readonly DiagnosticDescriptor SymbolAmbiguous = new(
        "LP0602", DiagnosticKind.Refusal, "A symbol is ambiguous in the target kernel",
        "Refer to it through another function, or give a vmlinux with symbols (--image).");

    /// <summary>A table entry in a module's patch needs a symbol that is resolved too late.</summary>
    public static readonly DiagnosticDescriptor LateTableReference = new(
        "LP0604", DiagnosticKind.Refusal, "A table needs a module's symbol too early",
        "Avoid the construct in the patched function (static branch, alternative, exception entry) that refers to the module's symbol.");

    /// <summary>The linked module is not what the emission made.</summary>
    public static readonly DiagnosticDescriptor BadLinkedModule = new(
        "LP0605", DiagnosticKind.Error, "The linked module is not as expected",
        "Check the build log; the linker dropped or merged something that the livepatch needs.");

    /// <summary>The function cannot be redirected in the target image.</summary>
    public static readonly DiagnosticDescriptor NotTraceable = new(
        "LP0606", DiagnosticKind.Refusal, "The function cannot be redirected in the target kernel",
        "The shipped kernel has no ftrace site there. Change its callers instead.");

    /// <summary>A patched module cannot come back under the livepatch.</summary>
    public static readonly DiagnosticDescriptor ReloadImpossible = new(
        "LP0607", DiagnosticKind.Warning, "A patched module can be loaded only once under the livepatch",
        "Do not unload it while the livepatch is loaded; disable and remove the livepatch first.");

    /// <summary>The symbol's owner need not be loaded when it is looked for.</summary>
    public static readonly DiagnosticDescriptor OwnerMayBeAbsent = new(
        "LP0608", DiagnosticKind.Refusal, "A symbol's module may be absent",
        "Use only what vmlinux or a module exports that the patched module needs already.");

    /// <summary>A symbol that is dropped after loading.</summary>
    public static readonly DiagnosticDescriptor SymbolGone = new(
        "LP0609", DiagnosticKind.Refusal, "A symbol is gone once the module is loaded",
        "Do not use initialisation code or data in patched functions.");

    /// <summary>A branch of one byte that cannot be led further.</summary>
    public static readonly DiagnosticDescriptor ShortBranch = new(
        "LP0610", DiagnosticKind.Refusal, "A short branch cannot reach its target from a module",
        "Change a caller instead, or take the section attribute from one of the functions: branches between sections are long.");

    /// <summary>A physical address of what lies in the module.</summary>
    public static readonly DiagnosticDescriptor PhysicalAddress = new(
        "LP0611", DiagnosticKind.Refusal, "The physical address of a new variable cannot be computed",
        "Allocate the memory (kmalloc, alloc_page) and use virt_to_phys, or vmalloc_to_page for a variable of the module.");

    /// <summary>objtool complains about the linked module.</summary>
    public static readonly DiagnosticDescriptor ObjtoolComplains = new(
        "LP0615", DiagnosticKind.Error, "objtool does not understand the module",
        "Report this patch with its build log: without what objtool adds (unwind entries, lists of returns and calls) the module must "
            + "not be loaded.");

    /// <summary>Patched code has entries in a table that the kernel reads at boot and from no module.</summary>
    public static readonly DiagnosticDescriptor BootOnlyTable = new(
        "LP0616", DiagnosticKind.Refusal, "A table for patched code is read at boot only",
        "Change the function so that it does not use the construct, or move what is patched into a function that does not.");

    /// <summary>A function goes, and what another object defines under its name would take its place.</summary>
    public static readonly DiagnosticDescriptor StillCalled = new(
        "LP0640", DiagnosticKind.Refusal, "Code that stays calls a function the patch takes away",
        "Leave the function and let its body do what the one that takes its place does: a livepatch redirects functions, not names.");

    /// <summary>Code lacks entries in a table the kernel needs for it.</summary>
    public static readonly DiagnosticDescriptor TableLacksCode = new(
        "LP0709", DiagnosticKind.Error, "The kernel's tables do not cover the module's code",
        "Report this module with its build log: it loads, and the kernel would unwind or mitigate its code wrongly.");

    /// <summary>A symbol of the module is undefined and the kernel does not export it.</summary>
    public static readonly DiagnosticDescriptor UndefinedSymbol = new(
        "LP0701", DiagnosticKind.Error, "An unresolved symbol", "Report this module with its build log: it would not load.");

    /// <summary>A klp symbol does not lead to exactly one symbol of the target.</summary>
    public static readonly DiagnosticDescriptor BadKlpSymbol = new(
        "LP0702", DiagnosticKind.Error, "A klp symbol does not resolve",
        "Build the livepatch again for this kernel: it was made for another.");

    /// <summary>A klp relocation section breaks the kernel's rules.</summary>
    public static readonly DiagnosticDescriptor BadKlpRelocation = new(
        "LP0703", DiagnosticKind.Error, "A klp relocation breaks the kernel's rules",
        "Report this module with its build log: it would not load.");

    /// <summary>The module was built for another kernel.</summary>
    public static readonly DiagnosticDescriptor WrongVermagic = new(
        "LP0704", DiagnosticKind.Error, "The module is for another kernel", "Build it again with -k for this kernel.");

    /// <summary>The module lacks what makes it a livepatch.</summary>
    public static readonly DiagnosticDescriptor NotLivepatch = new(
        "LP0705", DiagnosticKind.Error, "Not a livepatch module", "Give a .ko that klp-build made.");

    /// <summary>A relocation the kernel's loader would reject.</summary>
    public static readonly DiagnosticDescriptor BadRelocation = new(
        "LP0706", DiagnosticKind.Error, "A relocation the kernel rejects", "Report this module with its build log: it would not load.");

    /// <summary>An address written late lies where the kernel has rewritten the code.</summary>
    public static readonly DiagnosticDescriptor LateRelocationMisplaced = new(
        "LP0707", DiagnosticKind.Error, "A module's address would be written into rewritten code or a table",
        "Avoid the construct (alternative, static call, exception entry) in the patched function that refers to the module's symbol.");

    /// <summary>A position means different symbols while a module is loading and afterwards.</summary>
    public static readonly DiagnosticDescriptor UnsteadyPosition = new(
        "LP0708", DiagnosticKind.Error, "A symbol's position depends on when it is looked for",
        "Build the livepatch again for this kernel, without reference to this symbol.");
}

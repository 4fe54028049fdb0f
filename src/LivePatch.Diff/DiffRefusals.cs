using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff;

/// <summary>What cannot be livepatched, LP05xx. Each is reported at the symbol or section it is about.</summary>
public static class DiffRefusals
{
    /// <summary>The initial value of an existing variable changed.</summary>
    public static readonly DiagnosticDescriptor ChangedData = Make(
        "LP0501", "Changed data",
        "Set the running kernel's variable in a pre-patch callback (samples/livepatch/livepatch-callbacks-demo.c in the kernel source "
            + "shows one), "
        + "or keep new state in a shadow variable (samples/livepatch/livepatch-shadow-fix1.c).");

    /// <summary>Code or data that only runs at boot or module load changed.</summary>
    public static readonly DiagnosticDescriptor ChangedInit = Make(
        "LP0502", "Changed __init or __exit code",
        "Such code runs when the kernel or its module comes or goes, is not traced, and may be gone from memory. Drop this part of the "
            + "patch, and do its work in a callback if it is needed.");

    /// <summary>The function has no ftrace site.</summary>
    public static readonly DiagnosticDescriptor NoFentry = Make(
        "LP0503", "Function cannot be redirected",
        "notrace, noinstr, __init, and 'inline' where the compiler made a function of it all leave the tracer's call out, and so does a "
            + "file compiled without -pg. "
        + "Put the changed code into a new function of another name, and let the traced callers call that.");

    /// <summary>A section group changed or is new.</summary>
    public static readonly DiagnosticDescriptor SectionGroup = Make(
        "LP0504", "Changed section group",
        "Give the function or variable in the COMDAT section another name and no section group, and use that in the patched functions.");

    /// <summary>A variable grew or shrank.</summary>
    public static readonly DiagnosticDescriptor VariableSize = Make(
        "LP0505", "Changed size of a variable",
        "Code that is not replaced uses the old size. Keep the variable as it was, and put new elements into a new variable or new "
            + "fields into a shadow variable "
        + "(samples/livepatch/livepatch-shadow-fix1.c in the kernel source).");

    /// <summary>A name changed from function to variable, or the like.</summary>
    public static readonly DiagnosticDescriptor SymbolKind = Make(
        "LP0506", "Changed kind of a symbol", "Give the new function or variable another name.");

    /// <summary>A variable moved to a section with another meaning.</summary>
    public static readonly DiagnosticDescriptor SymbolSection = Make(
        "LP0507", "Variable moved to another section",
        "Keep the variable's attributes (const, __read_mostly, per-cpu, __ro_after_init) as they were; a new variable of another name "
            + "may have others.");

    /// <summary>A new EXPORT_SYMBOL.</summary>
    public static readonly DiagnosticDescriptor NewExport = Make(
        "LP0508", "New or changed export",
        "Drop the EXPORT_SYMBOL from the patch: no loaded module can use it.");

    /// <summary>A new tracepoint.</summary>
    public static readonly DiagnosticDescriptor NewTracepoint = Make(
        "LP0509", "New or changed tracepoint", "Drop the tracepoint from the patch, or use trace_printk or pr_info.");

    /// <summary>A new per-cpu variable.</summary>
    public static readonly DiagnosticDescriptor NewPerCpu = Make(
        "LP0510", "New per-cpu variable",
        "Allocate it with alloc_percpu in a pre-patch callback (samples/livepatch/livepatch-callbacks-demo.c in the kernel source shows "
            + "one) and free it in the post-unpatch callback.");

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
        "LP0515", "Static call on a module's key",
        "Call through the key's function pointer in the patched function instead: static_call_query(name)(...).");

    /// <summary>A table or section changed that no replaced function brings along.</summary>
    public static readonly DiagnosticDescriptor ChangedSection = Make(
        "LP0516", "Changed section that cannot be replaced",
        "Leave this table as it was: the linker collects it from all objects, it was read at boot or belongs to no function, and a "
            + "module cannot add to it.");

    /// <summary>A new or changed initcall or module parameter.</summary>
    public static readonly DiagnosticDescriptor Initcall = Make(
        "LP0517", "New, changed or removed initcall or parameter",
        "Initcalls have run and parameters were read. Do the work in a post-patch callback "
            + "(samples/livepatch/livepatch-callbacks-demo.c in the kernel source shows one).");

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

    /// <summary>The list of type ids a BPF check reads would be empty.</summary>
    public static readonly DiagnosticDescriptor BtfIds = Make(
        "LP0521", "New BTF id list",
        "The kernel's build fills these lists in, and a module's are not for vmlinux's types. Leave the list out of the patch.");

    /// <summary>A constant of another size to which running code may keep a pointer.</summary>
    public static readonly DiagnosticDescriptor ConstantSize = Make(
        "LP0522", "Changed size of a constant whose address is kept",
        "Give the new constant another name and use it where the patched code means it: then both exist, each with its own size.");

    /// <summary>The weak function the object has is not the one that runs.</summary>
    public static readonly DiagnosticDescriptor WeakOverridden = Make(
        "LP0523", "Weak function that another object overrides",
        "The kernel runs the other definition (mostly one under arch/). Patch that one, or drop this part of the patch: it has no effect.");

    /// <summary>A pointer to a function that the target kernel has made unfit for pointers.</summary>
    public static readonly DiagnosticDescriptor SealedPointer = Make(
        "LP0524", "Pointer to a function without a landing pad", "Take the address of a new static function that calls it.");

    /// <summary>The end of one variable is the beginning of another, which is not so in the running kernel.</summary>
    public static readonly DiagnosticDescriptor SharedEnd = Make(
        "LP0525", "An address may mean either of two variables",
        "Keep the new variable away from the old one: without a section attribute it gets a section of its own; or make it visible to "
            + "other files.");

    /// <summary>Something differs that no rule accounts for.</summary>
    public static readonly DiagnosticDescriptor NotUnderstood = Make(
        "LP0570",
        "Not understood",
        "Leave this part out of the patch; if it does not matter to the running kernel, put a pointer to the function into a section "
            + ".klp.ignore.functions, "
        + "or to the section's name into .klp.ignore.sections. Please report the patch: the tool should know what to say.");

    /// <summary>A function or variable whose section alone says something else now.</summary>
    public static readonly DiagnosticDescriptor Moved = Make(
        "LP0530", "Moved to a section with another meaning",
        "Keep the attribute (__ro_after_init, __kprobes, __sched and the like) as it was: it says where the kernel's linker put the "
            + "running one, which stays there.");

    /// <summary>A name of the object that means another function or variable after the patch.</summary>
    public static readonly DiagnosticDescriptor NameLeadsElsewhere = Make(
        "LP0531", "A name that leads elsewhere",
        "Keep the name as it was, and change the function it means; or use another name in the functions that the patch changes.");

    /// <summary>Writable data without a name.</summary>
    public static readonly DiagnosticDescriptor NamelessData = Make(
        "LP0533", "Writable data without a name",
        "Give the data a symbol of its own in the kernel, or leave the function that uses it out of the patch and change a caller of it.");

    /// <summary>Code elsewhere branches into the middle of a function that is replaced.</summary>
    public static readonly DiagnosticDescriptor SecondEntry = Make(
        "LP0534", "Changed function with a second entry",
        "Only calls of the function's first instruction are redirected. Change the callers that enter it in the middle, or leave this "
            + "function as it was.");

    /// <summary>A changed constant whose address something has.</summary>
    public static readonly DiagnosticDescriptor ConstantKept = Make(
        "LP0532", "Changed constant whose address is kept",
        "Give the new constant another name and use it where the patched code means it; objects made before the patch keep the old one, "
            + "and must be dealt with "
        + "in a callback if that matters.");

    /// <summary>A store that faults.</summary>
    public static readonly DiagnosticDescriptor ReadOnlyStore = Make(
        "LP0535", "Store to read-only memory",
        "Keep what changes in a variable of another name that is not read-only, and use that in the patched functions.");

    /// <summary>The address of a literal is compared.</summary>
    public static readonly DiagnosticDescriptor ComparedLiteral = Make(
        "LP0536", "Compared address of a literal",
        "Compare the text, or leave the function out of the patch: the running kernel's literal cannot be referred to.");

    /// <summary>A variable seems to have another name.</summary>
    public static readonly DiagnosticDescriptor VariableRenamed = Make(
        "LP0545", "A variable seems to be renamed", "Keep the old name, or say with --pair OLD=NEW that they are one variable.");

    /// <summary>A variable seems to have moved into a function, out of one or into another one.</summary>
    public static readonly DiagnosticDescriptor VariableMoved = Make(
        "LP0546", "A variable seems to have moved", "Leave it where it was, or say with --pair OLD=NEW that they are one variable.");

    /// <summary>A function that others call or point to takes other parameters.</summary>
    public static readonly DiagnosticDescriptor PrototypeChanged = Make(
        "LP0547", "Changed prototype of a function that others use",
        "Leave the function as it was, and put the changed one under another name, which the patched functions call.");

    /// <summary>A variable has another type of the same size.</summary>
    public static readonly DiagnosticDescriptor VariableType = Make(
        "LP0548", "Changed type of a variable", "Leave the variable as it was, and use a new one of another name.");

    private static DiagnosticDescriptor Make(string id, string title, string remedy) =>
        new(id, DiagnosticKind.Refusal, title, remedy);
}

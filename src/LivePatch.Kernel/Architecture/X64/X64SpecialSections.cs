using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>
/// The special sections of x86-64 kernels, 5.10 to 6.12. Field order from arch/x86/include/asm/{bug,alternative,
/// extable,jump_label,paravirt_types,orc_types}.h and include/linux/{static_call_types,jump_label}.h; entry sizes
/// differ between these kernels and come from the target (see <see cref="SpecialSectionCatalog.KnownEntrySize"/>).
/// </summary>
public static class X64SpecialSections
{
    /// <summary>The catalog for a kernel whose structure sizes are given by name, in bytes.</summary>
    public static SpecialSectionCatalog Create(IReadOnlyDictionary<string, int> structSizes) =>
        new(Tables, OutOfLineCode, Ignored, BootOnly, structSizes);

    private static readonly SpecialSection[] Tables =
    [
        // u16 line and u16 flags end every form of bug_entry; a WARN that becomes WARN_ONCE differs only in the flags.
        new("__bug_table", SpecialSectionRule.Plain, "bug_entry") { LineNumber = (4, 2) },
        new("__ex_table", SpecialSectionRule.ExceptionTable, "exception_table_entry"),
        new("__jump_table", SpecialSectionRule.JumpLabel, "jump_entry") { KeyOffset = 8 },
        new(".static_call_sites", SpecialSectionRule.StaticCall, "static_call_site") { KeyOffset = 4 },
        new(".altinstructions", SpecialSectionRule.Alternative, "alt_instr"),
        new(".parainstructions", SpecialSectionRule.Plain, "paravirt_patch_site") { ShortLastEntry = true },
        new(".smp_locks", SpecialSectionRule.Plain, FixedEntrySize: 4, Derived: true),
        new(
            ".retpoline_sites",
            SpecialSectionRule.Plain,
            FixedEntrySize: 4,
            Derived: true) { KernelSymbol = "__retpoline_sites", Callees = ["__x86_indirect_thunk_"] },
        new(
            ".return_sites",
            SpecialSectionRule.Plain,
            FixedEntrySize: 4,
            Derived: true) { KernelSymbol = "__return_sites", Callees = ["__x86_return_thunk"] },
        new(".call_sites", SpecialSectionRule.Plain, FixedEntrySize: 4, Derived: true) { KernelSymbol = "__call_sites", IsOptional = true },
        new(".cfi_sites", SpecialSectionRule.Plain, FixedEntrySize: 4, Derived: true),
        new(".kcfi_traps", SpecialSectionRule.Plain, FixedEntrySize: 4, Derived: true),
        // NOKPROBE_SYMBOL and ALLOW_ERROR_INJECTION: read by the module loader for the copy too.
        new("_kprobe_blacklist", SpecialSectionRule.Plain, FixedEntrySize: 8),
        new("_error_injection_whitelist", SpecialSectionRule.Plain, "error_injection_entry"),
        new(
            ".orc_unwind_ip",
            SpecialSectionRule.UnwindAddresses,
            FixedEntrySize: 4,
            Derived: true) { KernelSymbol = "__start_orc_unwind_ip", Companion = ".orc_unwind" },
        new(".orc_unwind", SpecialSectionRule.UnwindEntries, "orc_entry", Derived: true) { Companion = ".orc_unwind_ip" },
        new(
            "__mcount_loc",
            SpecialSectionRule.FtraceSites,
            FixedEntrySize: 8,
            Derived: true) { KernelSymbol = "__start_mcount_loc", Callees = ["__fentry__"] },
    ];

    // struct cpu_dev of each maker (arch/x86/kernel/cpu/cpu.h).
    private static readonly string[] BootOnly = [".x86_cpu_dev.init"];

    private static readonly string[] OutOfLineCode = [".altinstr_replacement", ".altinstr_aux", ".fixup"];

    // x86 kernels find ftrace sites through __mcount_loc, and .sframe is for user space and later kernels' tools. A list of
    // landing pads to remove holds for the object it was made for: in a livepatch other objects take those addresses.
    private static readonly string[] Ignored = ["__patchable_function_entries", ".sframe", ".ibt_endbr_seal"];
}

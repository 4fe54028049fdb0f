namespace LivePatch.Diff.Objects;

/// <summary>What a section of a kernel object is for, as far as livepatching cares.</summary>
public enum SectionClass
{
    /// <summary>Not loaded, or regenerated, or without meaning for the running kernel: never compared or copied.</summary>
    Ignored,

    /// <summary>Code that stays in memory.</summary>
    Code,

    /// <summary>Code the kernel enters by its own means (noinstr, entry): never redirected and never copied.</summary>
    RestrictedCode,

    /// <summary>Writable data, zeroed data included.</summary>
    Data,

    /// <summary>Constants.</summary>
    ReadOnlyData,

    /// <summary>NUL-terminated literals the linker merges.</summary>
    Strings,

    /// <summary>Numeric literals the linker merges (.rodata.cstN).</summary>
    Constants,

    /// <summary>One instance per CPU.</summary>
    PerCpu,

    /// <summary>State of "once" macros. What guards a message may be duplicated, what guards more may not; see
    /// <c>SpecialStatics</c>.</summary>
    Once,

    /// <summary>Dynamic debug descriptors.</summary>
    DynamicDebug,

    /// <summary>A table of entries that belong to functions; see the special-section catalog.</summary>
    SpecialTable,

    /// <summary>Pieces of code that only special tables or jumps refer to (.altinstr_replacement, .altinstr_aux).</summary>
    OutOfLineCode,

    /// <summary>Code and data that are freed after boot or module load, or run at module unload.</summary>
    Init,

    /// <summary>Pointers to initcalls.</summary>
    Initcall,

    /// <summary>Exported symbols and their checksums.</summary>
    Export,

    /// <summary>Tracepoints, trace events and system-call metadata.</summary>
    Tracepoint,

    /// <summary>Module parameters.</summary>
    Parameter,

    /// <summary>Module information strings.</summary>
    ModuleInfo,

    /// <summary>The author's word on what to leave alone; never copied.</summary>
    Marker,

    /// <summary>Printk index entries: debugging aid, never copied.</summary>
    PrintkIndex,
}

namespace LivePatch.Kernel.Symbols;

/// <summary>How long the kernel knows a symbol by name.</summary>
public enum SymbolLifetime
{
    /// <summary>As long as the object is loaded.</summary>
    Resident,

    /// <summary>Only while a module is being loaded: it lies in an init section, or in one that stays in the file.
    /// The kernel searches such symbols while the module is COMING and no more once it is LIVE
    /// (kernel/module/kallsyms.c, Linux 6.1).</summary>
    WhileLoading,
}

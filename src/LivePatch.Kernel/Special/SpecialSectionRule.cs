namespace LivePatch.Kernel.Special;

/// <summary>What is special about the entries of a table.</summary>
public enum SpecialSectionRule
{
    /// <summary>Entries follow the function their owner field refers to.</summary>
    Plain,

    /// <summary>As <see cref="Plain"/>; the second field refers to replacement code that comes along.</summary>
    Alternative,

    /// <summary>As <see cref="Plain"/>; the second field refers to where a fault is repaired, which in kernels up to 5.15 is
    /// out-of-line code that comes along.</summary>
    ExceptionTable,

    /// <summary>code, target and key: the key decides whether the entry can work in a livepatch module.</summary>
    JumpLabel,

    /// <summary>code and key: the key decides whether the entry can work in a livepatch module.</summary>
    StaticCall,

    /// <summary>Addresses of unwind entries; entry i belongs to entry i of the companion table.</summary>
    UnwindAddresses,

    /// <summary>Unwind entries without relocations; see <see cref="SpecialSection.Companion"/>.</summary>
    UnwindEntries,

    /// <summary>Call sites of ftrace; made anew for the functions included.</summary>
    FtraceSites,
}

namespace LivePatch.Diff.Explain;

/// <summary>What an entry of the explanation is about.</summary>
public enum ExplanationKind
{
    /// <summary>A function, variable or table entry that is copied.</summary>
    Copied,

    /// <summary>A literal that is copied for the code that uses it.</summary>
    Literal,

    /// <summary>A symbol that stays where it is and is referred to.</summary>
    Running,

    /// <summary>Something changed or new that is not in the result.</summary>
    LeftOut,

    /// <summary>An instruction that leaves an address of the livepatch with the kernel.</summary>
    Outlives,

    /// <summary>A difference that is none.</summary>
    Forgiven,
}

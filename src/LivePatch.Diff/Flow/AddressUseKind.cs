namespace LivePatch.Diff.Flow;

/// <summary>What code does with an address.</summary>
public enum AddressUseKind
{
    /// <summary>It is written to memory that is not the function's own stack.</summary>
    Stored,

    /// <summary>It is compared with an address that comes from elsewhere.</summary>
    Compared,

    /// <summary>A number is made of it, as for a hash table.</summary>
    Computed,

    /// <summary>It is the result of a function that others call.</summary>
    Returned,

    /// <summary>It is an argument of a function, or in a structure on the stack that is.</summary>
    Passed,

    /// <summary>What is there is written.</summary>
    Written,

    /// <summary>Data that is not copied holds it.</summary>
    Held,

    /// <summary>The code could not be followed.</summary>
    Unknown,
}

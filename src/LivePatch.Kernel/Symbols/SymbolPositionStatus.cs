namespace LivePatch.Kernel.Symbols;

/// <summary>Whether a symbol can be named to the livepatch core.</summary>
public enum SymbolPositionStatus
{
    /// <summary>The name and position find exactly this symbol.</summary>
    Known,

    /// <summary>The table has no such symbol at that place.</summary>
    Missing,

    /// <summary>What it stands for is gone once the module is loaded (init or not allocated), or once the kernel has booted.</summary>
    NotResident,

    /// <summary>
    /// No position finds it both while the module is loading and afterwards, because symbols of the same name lie
    /// in sections that are dropped after loading.
    /// </summary>
    Unstable,

    /// <summary>The name is not unique and the text the table was read from does not keep the kernel's order.</summary>
    OrderUnknown,
}

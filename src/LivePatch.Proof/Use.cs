namespace LivePatch.Proof;

/// <summary>Where an address stands.</summary>
/// <param name="Unit">The function, variable or table it stands in, by its name in the patched object.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="IsBranch">True for calls and jumps.</param>
internal readonly record struct Use(string Unit, long Offset, bool IsBranch)
{
    /// <summary>True when the address is compared or calculated with, as bounds are.</summary>
    public bool IsBound { get; init; }

    /// <summary>True for the fields of special tables.</summary>
    public bool IsInTable { get; init; }

    /// <summary>Gathers addresses that are the end of one variable and the start of the next; null where nothing gathers them.</summary>
    public SharedEnds? Ends { get; init; }
}

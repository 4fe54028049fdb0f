namespace LivePatch.Diff.Accounting;

/// <summary>How a piece of an object is accounted for.</summary>
public enum ClaimKind
{
    /// <summary>It is the same on both sides, at the same place.</summary>
    Same,

    /// <summary>It is the same on both sides, at another place or under another name.</summary>
    Moved,

    /// <summary>It has no meaning of its own: it was compared wherever something refers to it, or with the function it belongs
    /// to.</summary>
    ByUse,

    /// <summary>It differs, and a named rule says why that does not matter.</summary>
    Forgiven,

    /// <summary>It goes into the module.</summary>
    Selected,

    /// <summary>A message names it.</summary>
    Reported,

    /// <summary>It is gone, or new, and nothing that runs after the patch leads to it.</summary>
    Unused,

    /// <summary>Neither the kernel nor its module loader reads such a section.</summary>
    NotRead,

    /// <summary>Nothing accounts for it.</summary>
    Unclaimed,
}

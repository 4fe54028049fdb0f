namespace LivePatch.Diff.Compare;

/// <summary>What the patch did to an atom.</summary>
public enum ChangeKind
{
    /// <summary>Nothing.</summary>
    Same,

    /// <summary>It differs from its original.</summary>
    Changed,

    /// <summary>It has no original.</summary>
    New,
}

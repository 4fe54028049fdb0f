namespace LivePatch.Kernel.Targets;

/// <summary>In which form a kernel's source is there.</summary>
public enum SourceKind
{
    /// <summary>There is none, and none is needed.</summary>
    None,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A tar archive, packed or not.</summary>
    Tarball,
}

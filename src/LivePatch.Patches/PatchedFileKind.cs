namespace LivePatch.Patches;

/// <summary>What a patch does to a file.</summary>
public enum PatchedFileKind
{
    /// <summary>Changes it.</summary>
    Modified,

    /// <summary>Makes it.</summary>
    Added,

    /// <summary>Removes it.</summary>
    Deleted,

    /// <summary>Gives it another path, and may change it.</summary>
    Renamed,
}

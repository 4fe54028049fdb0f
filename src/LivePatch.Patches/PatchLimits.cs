namespace LivePatch.Patches;

/// <summary>How large a patch may be. A new minor version of a stable kernel is within these bounds; nothing that is meant to be a
/// livepatch comes near them, and what does must not take the machine's memory or hours before it is refused.</summary>
public static class PatchLimits
{
    /// <summary>Bytes of one patch file.</summary>
    public const int Bytes = 32 << 20;

    /// <summary>Hunks of one patch file.</summary>
    public const int Hunks = 50_000;

    /// <summary>Files of the kernel that all patches change.</summary>
    public const int Files = 5_000;

    /// <summary>Files they add.</summary>
    public const int AddedFiles = 500;

    /// <summary>Hunks of one file that are shown when they do not fit; the others are counted.</summary>
    public const int ShownHunks = 10;
}

namespace LivePatch.Build.Patches;

/// <summary>A file's part of a patch while it is read. Names are as the patch writes them, prefixes included.</summary>
/// <param name="line">Line of its first header in the patch, from 1.</param>
internal sealed class PatchDraft(int line)
{
    public int Line { get; } = line;

    /// <summary>The name before, from "--- " or "diff --git"; empty when none was read.</summary>
    public string Old { get; set; } = string.Empty;

    /// <summary>The name after.</summary>
    public string New { get; set; } = string.Empty;

    /// <summary>Begun by a "diff --git" line.</summary>
    public bool IsGit { get; set; }

    /// <summary>Has its "--- " and "+++ " lines.</summary>
    public bool HasNames { get; set; }

    /// <summary>Has a mode line, which needs no hunk and means nothing for a livepatch.</summary>
    public bool IsModeChange { get; set; }

    /// <summary>True once git's headers say that a change of the text follows, false once they say that none does,
    /// null while they say neither.</summary>
    public bool? ExpectsHunks { get; set; }

    public bool IsNew { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>Git's "rename from", a path without prefix; null when it is no rename.</summary>
    public string? RenameFrom { get; set; }

    /// <summary>Git's "rename to".</summary>
    public string? RenameTo { get; set; }

    public List<PatchHunk> Hunks { get; } = [];
}

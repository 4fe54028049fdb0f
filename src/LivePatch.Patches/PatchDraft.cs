namespace LivePatch.Patches;

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

    /// <summary>The first name of the "diff --git" line; empty when that line could not be taken apart.</summary>
    public string GitOld { get; set; } = string.Empty;

    /// <summary>Its second name.</summary>
    public string GitNew { get; set; } = string.Empty;

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

    /// <summary>Index of the line after the last one that belongs to the file: where its next hunk begins, if it has one.</summary>
    public int End { get; set; }

    /// <summary>True when git's headers are the whole change: a file renamed as it is, an empty one, other permissions.</summary>
    public bool NeedsNoHunks => ExpectsHunks == false || (ExpectsHunks is null && IsModeChange);

    /// <summary>True when the names of "---" and "+++" lines are those of the "diff --git" line, but for a leading component.</summary>
    public bool Fits(string old, string @new) =>
        GitOld.Length == 0
        || ((IsSame(old, GitOld) || old == PatchNames.NoFile) && (IsSame(@new, GitNew) || @new == PatchNames.NoFile));

    private static bool IsSame(string name, string other) =>
        name == other || PatchNames.Strip(name, 1) == other || name == PatchNames.Strip(other, 1)
            || PatchNames.Strip(name, 1) == PatchNames.Strip(other, 1);
}

namespace LivePatch.Patches;

/// <summary>One hunk of a unified diff.</summary>
/// <param name="OldStart">First line in the old file, from 1.</param>
/// <param name="OldCount">Lines of the old file it covers.</param>
/// <param name="NewStart">First line in the new file.</param>
/// <param name="NewCount">Lines of the new file it covers.</param>
/// <param name="Lines">Its lines with their first character: space, '+', '-' or '\'.</param>
/// <param name="PatchLine">Line of its @@ in the patch file, from 1.</param>
public sealed record PatchHunk(int OldStart, int OldCount, int NewStart, int NewCount, IReadOnlyList<string> Lines, int PatchLine);

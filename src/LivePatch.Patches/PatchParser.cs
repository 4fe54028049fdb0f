using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>
/// Parses unified diffs in the dialects found in the field (git, quilt, diff -up, with mail around them). Text outside
/// hunks is prose unless it is a header line; inside a hunk the counts of its @@ line decide where it ends, so a line
/// beginning with "--- " inside a hunk is a removed line and nothing else.
///
/// A patch that was cut short or edited by hand must not pass as a smaller one, because a livepatch of half a fix is
/// worse than none. So what GNU patch takes for prose is an error here where it looks like a lost part of a diff: lines
/// of a hunk beyond its counts, headers without hunks, hunks without headers. A cut exactly between two hunks cannot be
/// told from a whole patch.
///
/// Nor may a hunk end up with another file than its own. So the names of "---" and "+++" lines must be those git's header announced, unless
/// that header is complete without hunks; both must mean one file; and between the hunks of a file nothing else may stand.
/// </summary>
internal sealed partial class PatchParser(
    string name, ReadOnlyMemory<byte> bytes, Func<string, bool> existsInTree, DiagnosticBag diagnostics)
{
    /// <summary>How the hash of git's empty file begins: with it on the "index" line, a new file may have no hunk.</summary>
    private const string EmptyBlob = "e69de29";

    private readonly List<PatchDraft> _drafts = [];
    private string[] _lines = [];
    private bool _failed;

    public PatchFile? Parse()
    {
        if (bytes.Length > PatchLimits.Bytes)
        {
            Fail(
                PatchDiagnostics.TooLarge,
                0,
                string.Create(CultureInfo.InvariantCulture, $"It has more than {PatchLimits.Bytes >> 20} MiB."));
            return null;
        }

        // Latin-1 keeps every byte; kernel sources hold UTF-8 and a few older encodings.
        _lines = Encoding.Latin1.GetString(bytes.Span).Split('\n');
        if (bytes.Span is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            Fail(PatchDiagnostics.Malformed, 0, "It is UTF-16 text. Save it as plain bytes, as git and diff write it.");
        }

        // gzip, xz, zstd and bzip2: mail archives and packages hold compressed patches.
        if (bytes.Span is [0x1f, 0x8b, ..] or [0xfd, (byte)'7', (byte)'z', ..] or [0x28, 0xb5, 0x2f, 0xfd, ..] or [
            (byte)'B', (byte)'Z', (byte)'h', ..])
        {
            Fail(PatchDiagnostics.Malformed, 0, "It is compressed. Unpack it first, or pipe it in: zcat FILE | klp-build -");
        }

        CheckSize();
        for (var index = 0; index < _lines.Length && !_failed;)
        {
            index = ReadLine(index);
        }

        foreach (var draft in _drafts.TakeWhile(_ => !_failed))
        {
            CheckComplete(draft);
        }

        if (_failed)
        {
            return null;
        }

        _drafts.RemoveAll(static draft => draft is { Hunks.Count: 0, RenameFrom: null, IsNew: false, IsDeleted: false });
        if (_drafts.Count == 0)
        {
            diagnostics.Add(PatchDiagnostics.Empty.At(
                DiagnosticLocation.InFile(name), bytes.IsEmpty ? "The file has no bytes." : "The file holds no change of a file's text."));
            return null;
        }

        var files = Resolve();
        return _failed ? null : new PatchFile(name, files, bytes);
    }

    private int ReadLine(int index)
    {
        var line = Header(index);
        if (line.StartsWith("diff --git ", StringComparison.Ordinal))
        {
            var draft = NewDraft(index);
            draft.IsGit = true;
            if (PatchNames.TryOfGit(line["diff --git ".Length..], out var old, out var @new))
            {
                (draft.Old, draft.New) = (old, @new);
                (draft.GitOld, draft.GitNew) = (old, @new);
            }
        }
        else if (line.StartsWith("--- ", StringComparison.Ordinal) && Header(index + 1).StartsWith("+++ ", StringComparison.Ordinal))
        {
            ReadNames(index);
            return index + 2;
        }
        else if (HunkHeader().IsMatch(line))
        {
            return ReadHunk(index);
        }
        else if (line.StartsWith("@@ -", StringComparison.Ordinal))
        {
            Fail(PatchDiagnostics.Malformed, index, "The hunk's header is not '@@ -line,count +line,count @@'.");
        }
        else if (BinaryNotice().IsMatch(line))
        {
            Fail(PatchDiagnostics.Binary, index, "It changes a binary file.");
        }
        else if (OnlyIn().IsMatch(line))
        {
            Fail(
                PatchDiagnostics.Malformed,
                index,
                "A file is on one side only, and its text is not in the patch. Make the patch with 'diff -N', which writes such files "
                    + "out.");
        }
        else if (line == "***************" || line.StartsWith("diff --cc ", StringComparison.Ordinal)
            || line.StartsWith("diff --combined ", StringComparison.Ordinal))
        {
            Fail(PatchDiagnostics.Malformed, index, "It is a context diff or the combined diff of a merge; only unified diffs are read.");
        }
        else if (_drafts.Count > 0 && _drafts[^1] is { IsGit: true, Hunks.Count: 0 } draft)
        {
            ReadExtendedHeader(index, line, draft);
        }

        return index + 1;
    }

    private void ReadNames(int index)
    {
        string oldLine = Header(index), newLine = Header(index + 1);
        string old = PatchNames.OfHeader(oldLine[4..]), @new = PatchNames.OfHeader(newLine[4..]);
        var announced = _drafts.Count > 0 && _drafts[^1] is { IsGit: true, HasNames: false, Hunks.Count: 0 } git ? git : null;
        if (announced is not null && !announced.Fits(old, @new))
        {
            if (!announced.NeedsNoHunks)
            {
                Fail(
                    PatchDiagnostics.Malformed,
                    index,
                    $"The 'diff --git' line above announces {announced.GitNew}, and here is {@new}: a part of the patch is missing or "
                        + $"in the wrong place.");
                return;
            }

            announced = null;
        }

        var draft = announced ?? NewDraft(index);
        (draft.Old, draft.New, draft.HasNames, draft.End) = (old, @new, true, index + 2);

        // An empty file that gains text may have the epoch's time too; its hunk then says the same as for a new file,
        // and the tree decides (Resolve).
        var hunk = HunkHeader().Match(Header(index + 2));
        draft.IsNew |= draft.Old == PatchNames.NoFile || (PatchNames.IsEpoch(oldLine) && hunk.Success && hunk.Groups[1].Value == "0");
        draft.IsDeleted |= draft.New == PatchNames.NoFile || (PatchNames.IsEpoch(newLine) && hunk.Success && hunk.Groups[3].Value == "0");
    }

    /// <summary>The lines git puts between "diff --git" and "---" (git-diff(1), "extended header lines").</summary>
    private void ReadExtendedHeader(int index, string line, PatchDraft draft)
    {
        draft.IsNew |= line.StartsWith("new file mode ", StringComparison.Ordinal);
        draft.IsDeleted |= line.StartsWith("deleted file mode ", StringComparison.Ordinal);
        draft.IsModeChange |= line.StartsWith("new mode ", StringComparison.Ordinal);
        if (SpecialMode().IsMatch(line))
        {
            Fail(PatchDiagnostics.Binary, index, "It is about a symbolic link or a submodule, which is no text.");
        }
        else if (BlobNames().Match(line) is { Success: true } blobs)
        {
            // An empty file that comes or goes has no hunk; any other difference has.
            draft.ExpectsHunks = !(IsNothing(blobs.Groups[1].ValueSpan) && IsNothing(blobs.Groups[2].ValueSpan));
        }
        else if (line.StartsWith("similarity index ", StringComparison.Ordinal))
        {
            draft.ExpectsHunks = line != "similarity index 100%";
        }
        else if (line.StartsWith("rename from ", StringComparison.Ordinal))
        {
            draft.RenameFrom = PatchNames.OfLine(line["rename from ".Length..]);
        }
        else if (line.StartsWith("rename to ", StringComparison.Ordinal))
        {
            draft.RenameTo = PatchNames.OfLine(line["rename to ".Length..]);
        }
        else if (line.StartsWith("copy from ", StringComparison.Ordinal))
        {
            Fail(PatchDiagnostics.Malformed, index, "It describes a new file as a copy of another. Make it with 'git diff --no-renames'.");
        }
    }

    private static bool IsNothing(ReadOnlySpan<char> blob) =>
        blob.StartsWith(EmptyBlob, StringComparison.Ordinal) || blob.Trim('0').IsEmpty;

    private void CheckSize()
    {
        var hunks = _lines.Count(static line => line.StartsWith("@@ -", StringComparison.Ordinal));
        if (hunks > PatchLimits.Hunks)
        {
            Fail(
                PatchDiagnostics.TooLarge,
                0,
                string.Create(CultureInfo.InvariantCulture, $"It has {hunks} hunks; at most {PatchLimits.Hunks} are read."));
        }
    }

    private void CheckComplete(PatchDraft draft)
    {
        var index = draft.Line - 1;
        if (draft.RenameFrom is null != draft.RenameTo is null)
        {
            Fail(PatchDiagnostics.Malformed, index, "A rename lacks one of its names.");
        }
        else if (draft is { RenameFrom: { } from, RenameTo: { } to, GitOld.Length: > 0 }
            && !(PatchNames.IsTail(draft.GitOld, from) && PatchNames.IsTail(draft.GitNew, to)))
        {
            Fail(
                PatchDiagnostics.Malformed,
                index,
                $"The 'diff --git' line names {draft.GitOld} and {draft.GitNew}, and the rename below it {from} and {to}.");
        }
        else if (
            draft is { RenameFrom: not null, IsNew: true } or { RenameFrom: not null, IsDeleted: true } or { IsNew: true, IsDeleted: true })
        {
            Fail(PatchDiagnostics.Malformed, index, "The headers say both that the file stays and that it comes or goes.");
        }
        else if (
            draft.Hunks.Count == 0 && (draft.HasNames || draft.ExpectsHunks == true || (draft.ExpectsHunks is null && !draft.IsModeChange)))
        {
            Fail(PatchDiagnostics.Malformed, index, "A file's header has no hunk after it. The patch was probably cut short.");
        }
        else if (draft.Old.Length == 0 && draft.RenameFrom is null)
        {
            Fail(PatchDiagnostics.Malformed, index, "The header does not name its file.");
        }
    }

    private PatchDraft NewDraft(int index)
    {
        _drafts.Add(new PatchDraft(index + 1));
        return _drafts[^1];
    }

    /// <summary>A line without the carriage return that a patch with DOS line ends has.</summary>
    private string Header(int index) => index < _lines.Length ? _lines[index].TrimEnd('\r') : string.Empty;

    private void Fail(DiagnosticDescriptor descriptor, int index, string text)
    {
        _failed = true;
        diagnostics.Add(descriptor.At(DiagnosticLocation.AtLine(name, index + 1), text));
    }

    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")]
    private static partial Regex HunkHeader();

    [GeneratedRegex(@"^(GIT binary patch|Binary files .* differ)$")]
    private static partial Regex BinaryNotice();

    /// <summary>What diff -r says of a file that one tree does not have.</summary>
    [GeneratedRegex(@"^Only in \S+/\S*: \S+$")]
    private static partial Regex OnlyIn();

    [GeneratedRegex(@"^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: \d+)?$")]
    private static partial Regex BlobNames();

    /// <summary>The mode of a symbolic link or a submodule, wherever git writes one.</summary>
    [GeneratedRegex(@"^(?:(?:new file|deleted file|old|new) mode|index [0-9a-f]+\.\.[0-9a-f]+) 1[26]0000$")]
    private static partial Regex SpecialMode();
}

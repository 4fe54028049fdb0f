using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Patches;

/// <summary>
/// Parses unified diffs in the dialects found in the field. Text outside hunks is prose (mail headers, commit messages,
/// signatures) unless it is a header line; inside a hunk the counts of its @@ line decide where it ends, so a line
/// beginning with "--- " inside a hunk is a removed line and nothing else.
/// </summary>
internal sealed partial class PatchParser(string name, ReadOnlyMemory<byte> bytes, Func<string, bool> existsInTree, DiagnosticBag diagnostics)
{
    private readonly List<Draft> _drafts = [];
    private string[] _lines = [];
    private bool _failed;

    public PatchFile? Parse()
    {
        // Latin-1 keeps every byte; kernel sources hold UTF-8 and a few older encodings.
        _lines = Encoding.Latin1.GetString(bytes.Span).Split('\n');
        for (var index = 0; index < _lines.Length && !_failed;)
        {
            index = ReadLine(index);
        }

        if (_failed)
        {
            return null;
        }

        _drafts.RemoveAll(static draft => draft.Hunks.Count == 0 && draft is { IsRename: false, IsNew: false, IsDeleted: false });
        if (_drafts.Count == 0)
        {
            diagnostics.Add(PatchDiagnostics.Empty.At(name, bytes.IsEmpty ? "The file has no bytes." : "The file holds no change."));
            return null;
        }

        var files = Resolve();
        return _failed ? null : new PatchFile(name, files, bytes);
    }

    private int ReadLine(int index)
    {
        var line = Line(index);
        if (line.StartsWith("diff --git ", StringComparison.Ordinal))
        {
            _drafts.Add(new Draft(index + 1) { IsGit = true });
            if (GitNames().Match(line) is { Success: true } names)
            {
                _drafts[^1].Old = names.Groups[1].Value;
                _drafts[^1].New = names.Groups[2].Value;
            }
        }
        else if (line.StartsWith("--- ", StringComparison.Ordinal) && Line(index + 1).StartsWith("+++ ", StringComparison.Ordinal))
        {
            var draft = _drafts.Count > 0 && _drafts[^1] is { IsGit: true, Hunks.Count: 0 } git ? git : NewDraft(index + 1);
            draft.Old = HeaderPath(line[4..]);
            draft.New = HeaderPath(Line(index + 1)[4..]);
            draft.IsNew |= draft.Old == "/dev/null" || line.Contains("1970-01-01 00:00", StringComparison.Ordinal);
            draft.IsDeleted |= draft.New == "/dev/null" || Line(index + 1).Contains("1970-01-01 00:00", StringComparison.Ordinal);
            return index + 2;
        }
        else if (_drafts.Count > 0)
        {
            return ReadInFile(index, line, _drafts[^1]);
        }

        return index + 1;
    }

    private int ReadInFile(int index, string line, Draft draft)
    {
        if (line.StartsWith("@@ -", StringComparison.Ordinal))
        {
            return ReadHunk(index, draft);
        }

        if (draft is { IsGit: true, Hunks.Count: 0 })
        {
            draft.IsNew |= line.StartsWith("new file mode", StringComparison.Ordinal);
            draft.IsDeleted |= line.StartsWith("deleted file mode", StringComparison.Ordinal);
            if (line.StartsWith("rename from ", StringComparison.Ordinal))
            {
                draft.IsRename = true;
                draft.Old = "a/" + line["rename from ".Length..];
            }
            else if (line.StartsWith("rename to ", StringComparison.Ordinal))
            {
                draft.New = "b/" + line["rename to ".Length..];
            }
            else if (line.StartsWith("GIT binary patch", StringComparison.Ordinal) || line.StartsWith("Binary files ", StringComparison.Ordinal))
            {
                Fail(PatchDiagnostics.Binary, index, "It changes a binary file.");
            }
        }

        return index + 1;
    }

    private int ReadHunk(int index, Draft draft)
    {
        var header = HunkHeader().Match(Line(index));
        if (!header.Success)
        {
            Fail(PatchDiagnostics.Malformed, index, "The hunk's header is not '@@ -line,count +line,count @@'.");
            return index + 1;
        }

        int oldStart = Number(header.Groups[1], 0), oldCount = Number(header.Groups[2], 1);
        int newStart = Number(header.Groups[3], 0), newCount = Number(header.Groups[4], 1);
        var lines = new List<string>();
        int oldLeft = oldCount, newLeft = newCount, next = index + 1;
        while (oldLeft > 0 || newLeft > 0)
        {
            if (next >= _lines.Length || (next == _lines.Length - 1 && _lines[next].Length == 0))
            {
                Fail(PatchDiagnostics.Malformed, index, $"The patch ends inside this hunk: {oldLeft} old and {newLeft} new lines are missing.");
                return _lines.Length;
            }

            // Mail programs cut the space of an empty context line.
            var line = Line(next).Length == 0 ? " " : Line(next);
            switch (line[0])
            {
                case ' ':
                    oldLeft--;
                    newLeft--;
                    break;
                case '-':
                    oldLeft--;
                    break;
                case '+':
                    newLeft--;
                    break;
                case '\\':
                    break;
                default:
                    Fail(PatchDiagnostics.Malformed, next, "A line of a hunk begins with none of space, '+' and '-'.");
                    return next + 1;
            }

            if (oldLeft < 0 || newLeft < 0)
            {
                Fail(PatchDiagnostics.Malformed, next, "The hunk has more lines than its header says.");
                return next + 1;
            }

            lines.Add(line);
            next++;
        }

        while (next < _lines.Length && Line(next).StartsWith('\\'))
        {
            lines.Add(Line(next++));
        }

        draft.Hunks.Add(new PatchHunk(oldStart, oldCount, newStart, newCount, lines, index + 1));
        return next;
    }

    private List<PatchedFile> Resolve()
    {
        // One level for the whole patch: the one that leads to more files of the tree.
        var known = _drafts.Where(static draft => !draft.IsNew).Select(static draft => draft.Old).ToList();
        var level = known.Count(path => existsInTree(Strip(path, 0))) > known.Count(path => existsInTree(Strip(path, 1))) ? 0 : 1;
        var result = new List<PatchedFile>();
        foreach (var draft in _drafts)
        {
            var oldPath = Strip(draft.IsNew ? draft.New : draft.Old, level);
            var newPath = draft.IsRename || draft.IsNew ? Strip(draft.New, level) : oldPath;
            foreach (var path in new[] { oldPath, newPath })
            {
                if (path.Length == 0 || Path.IsPathRooted(path) || path.Split('/').Contains(".."))
                {
                    Fail(PatchDiagnostics.OutsideTree, draft.Line - 1, $"It names '{path}'.");
                }
            }

            var kind = draft.IsNew ? PatchedFileKind.Added
                : draft.IsDeleted ? PatchedFileKind.Deleted
                : draft.IsRename ? PatchedFileKind.Renamed : PatchedFileKind.Modified;
            if (!_failed && kind != PatchedFileKind.Added && !existsInTree(oldPath) && !result.Exists(file => file.NewPath == oldPath))
            {
                // An earlier patch of the same run may add it; the applier finds out.
                kind = draft.IsRename ? PatchedFileKind.Renamed : kind;
            }

            result.Add(new PatchedFile(oldPath, newPath, kind, draft.Hunks, draft.Line));
        }

        return result;
    }

    private static string Strip(string path, int level)
    {
        var rest = path;
        for (var step = 0; step < level; step++)
        {
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                return rest;
            }

            rest = rest[(slash + 1)..];
        }

        return rest.StartsWith("./", StringComparison.Ordinal) ? rest[2..] : rest;
    }

    private static string HeaderPath(string text)
    {
        if (text.StartsWith('"'))
        {
            var end = text.IndexOf('"', 1);
            return end > 0 ? text[1..end] : text[1..];
        }

        // diff separates path and time by a tab; some tools by two spaces.
        var cut = text.IndexOf('\t', StringComparison.Ordinal);
        return (cut < 0 ? text : text[..cut]).TrimEnd();
    }

    private Draft NewDraft(int line)
    {
        _drafts.Add(new Draft(line));
        return _drafts[^1];
    }

    /// <summary>A line without the carriage return that a patch with DOS line ends has.</summary>
    private string Line(int index) => index < _lines.Length ? _lines[index].TrimEnd('\r') : string.Empty;

    private void Fail(DiagnosticDescriptor descriptor, int index, string text)
    {
        _failed = true;
        diagnostics.Add(descriptor.At(DiagnosticLocation.AtLine(name, index + 1), text));
    }

    private static int Number(Group group, int missing) =>
        group.Success && int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : missing;

    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")]
    private static partial Regex HunkHeader();

    [GeneratedRegex(@"^diff --git (a/\S+) (b/\S+)$")]
    private static partial Regex GitNames();

    /// <summary>A file's part of the patch while it is read.</summary>
    private sealed class Draft(int line)
    {
        public int Line { get; } = line;

        public string Old { get; set; } = string.Empty;

        public string New { get; set; } = string.Empty;

        public bool IsGit { get; set; }

        public bool IsNew { get; set; }

        public bool IsDeleted { get; set; }

        public bool IsRename { get; set; }

        public List<PatchHunk> Hunks { get; } = [];
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace LivePatch.Patches;

internal sealed partial class PatchParser
{
    private int ReadHunk(int index)
    {
        var header = HunkHeader().Match(Header(index));
        int oldStart = Number(header.Groups[1], 0), oldCount = Number(header.Groups[2], 1);
        int newStart = Number(header.Groups[3], 0), newCount = Number(header.Groups[4], 1);
        if (_drafts.Count == 0 || _drafts[^1] is not { HasNames: true } draft)
        {
            Fail(PatchDiagnostics.Malformed, index, "A hunk has no '---' and '+++' lines before it to say which file it changes.");
            return index + 1;
        }

        if (Enumerable.Range(draft.End, Math.Max(0, index - draft.End)).Any(line => Header(line).Trim().Length > 0))
        {
            Fail(
                PatchDiagnostics.Malformed,
                index,
                "Between this hunk and the lines of its file above stands other text, so it is not sure which file it changes.");
            return index + 1;
        }

        if ((oldStart == 0 && oldCount > 0) || (newStart == 0 && newCount > 0) || (oldCount == 0 && newCount == 0))
        {
            Fail(PatchDiagnostics.Malformed, index, "The numbers of the hunk's header contradict each other.");
            return index + 1;
        }

        if (draft.Hunks.Count > 0 && oldStart < draft.Hunks[^1].OldStart + draft.Hunks[^1].OldCount)
        {
            Fail(PatchDiagnostics.Malformed, index, "The hunk begins before the end of the one above it.");
            return index + 1;
        }

        var lines = new List<string>();
        var next = ReadHunkLines(index, oldCount, newCount, lines);
        if (!_failed)
        {
            draft.Hunks.Add(new PatchHunk(oldStart, oldCount, newStart, newCount, lines, index + 1));
            draft.End = next;
            CheckEnd(next);
        }

        return next;
    }

    private int ReadHunkLines(int index, int oldLeft, int newLeft, List<string> lines)
    {
        // Mail and Windows tools turn all line ends of a patch; a patch of a file with such line ends has them in the
        // text only, and there they count.
        var isDos = _lines[index].EndsWith('\r');
        var next = index + 1;
        for (; oldLeft > 0 || newLeft > 0; next++)
        {
            if (next >= _lines.Length || (next == _lines.Length - 1 && _lines[next].Length == 0))
            {
                Fail(
                    PatchDiagnostics.Malformed,
                    index,
                    $"The patch ends inside this hunk: {oldLeft} old and {newLeft} new lines are missing.");
                return _lines.Length;
            }

            if (next == _lines.Length - 1)
            {
                Fail(
                    PatchDiagnostics.Malformed,
                    next,
                    "The patch ends in the middle of this line. If the line is whole, add a line end to the file.");
                return _lines.Length;
            }

            var line = isDos && _lines[next].EndsWith('\r') ? _lines[next][..^1] : _lines[next];

            // Mail programs cut the space of an empty context line.
            line = line.Length == 0 ? " " : line;
            if (line[0] is not (' ' or '-' or '+' or '\\'))
            {
                Fail(
                    PatchDiagnostics.Malformed,
                    next,
                    $"A line of a hunk begins with none of space, '+' and '-': {oldLeft} old and {newLeft} new lines are still to come.");
                return next + 1;
            }

            oldLeft -= line[0] is ' ' or '-' ? 1 : 0;
            newLeft -= line[0] is ' ' or '+' ? 1 : 0;
            if (oldLeft < 0 || newLeft < 0)
            {
                Fail(PatchDiagnostics.Malformed, next, "The hunk has more old or new lines than its header says.");
                return next + 1;
            }

            lines.Add(line);
        }

        while (next < _lines.Length && Header(next).StartsWith('\\'))
        {
            lines.Add(Header(next++));
        }

        return next;
    }

    /// <summary>What follows a hunk must not look like more of it.</summary>
    private void CheckEnd(int index)
    {
        var line = Header(index);

        // "-- " begins a mail signature, and its space is easily lost.
        var isOther = line.Length == 0 || line is "-- " or "--" || line[0] is not (' ' or '+' or '-')
            || (line.StartsWith("--- ", StringComparison.Ordinal) && Header(index + 1).StartsWith("+++ ", StringComparison.Ordinal));
        if (!isOther)
        {
            Fail(
                PatchDiagnostics.Malformed,
                index,
                "The hunk goes on after the lines its header counts. The patch was probably edited by hand, or cut.");
        }
    }

    private static int Number(Group group, int missing) =>
        group.Success && int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : missing;
}

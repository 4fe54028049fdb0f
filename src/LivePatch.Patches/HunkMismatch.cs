using System.Globalization;
using System.Text;

namespace LivePatch.Patches;

/// <summary>Shows why a hunk does not fit: what it expects beside what the file has, at the place where most of its lines are.</summary>
internal static class HunkMismatch
{
    private const int ShownLines = 6;

    /// <summary>Comparisons of lines that a search for the place may take.</summary>
    private const long MostWork = 20_000_000;

    /// <summary>Describes it in a few lines.</summary>
    /// <param name="hunk">The hunk.</param>
    /// <param name="file">The file's lines before the patch, read as Latin-1.</param>
    public static string Describe(PatchHunk hunk, IReadOnlyList<string> file)
    {
        var expected = Side(hunk, '-');
        var made = Side(hunk, '+');
        if ((long)file.Count * hunk.Lines.Count > MostWork)
        {
            return "Hunk and file are too long to look for the place.";
        }

        if (IndexOf(file, made, hunk.NewStart) is { } done && made.Count > 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"Its result is at line {done + 1} already: this change seems to be in the source.");
        }

        var (start, matching) = BestPlace(file, expected, hunk.OldStart - 1);
        var text = new StringBuilder();
        var first = 0;
        while (first < expected.Count && start + first < file.Count && file[start + first] == expected[first])
        {
            first++;
        }

        if (matching * 2 < expected.Count)
        {
            text.Append("Nothing in the file is like it.");
            (start, first) = (Math.Clamp(hunk.OldStart - 1, 0, Math.Max(0, file.Count - 1)), 0);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{matching} of its {expected.Count} lines are at line {start + 1}.");
        }

        // One line before the first that differs, to find it by.
        first = Math.Max(0, first - 1);
        text.Append(CultureInfo.InvariantCulture, $" It expects from line {start + first + 1}:");
        Append(text, expected, first);
        text.Append("\n  and the file has there:");
        Append(text, file, start + first);
        return text.ToString();
    }

    private static List<string> Side(PatchHunk hunk, char side) =>
        [.. hunk.Lines.Where(line => line[0] == ' ' || line[0] == side).Select(static line => line[1..].TrimEnd('\r'))];

    private static void Append(StringBuilder text, IReadOnlyList<string> lines, int from)
    {
        var shown = lines.Skip(from).Take(ShownLines).ToList();
        foreach (var line in shown)
        {
            text.Append("\n    ").Append(PatchNames.Decode(line).TrimEnd('\r'));
        }

        if (shown.Count == 0)
        {
            text.Append("\n    (the file ends)");
        }
    }

    /// <summary>Where most lines agree, and the nearest of such places.</summary>
    private static (int Start, int Matching) BestPlace(IReadOnlyList<string> file, List<string> expected, int near)
    {
        var best = (Start: Math.Clamp(near, 0, Math.Max(0, file.Count - 1)), Matching: 0);
        for (var start = 0; start < file.Count; start++)
        {
            var matching = 0;
            for (var index = 0; index < expected.Count && start + index < file.Count; index++)
            {
                // Blank lines and lone braces are everywhere.
                matching += expected[index].Trim().Length > 1 && file[start + index] == expected[index] ? 1 : 0;
            }

            if (matching > best.Matching || (matching == best.Matching && Math.Abs(start - near) < Math.Abs(best.Start - near)))
            {
                best = (start, matching);
            }
        }

        var all =
            Enumerable.Range(0, expected.Count)
                .Count(index => best.Start + index < file.Count && file[best.Start + index] == expected[index]);
        return (best.Start, best.Matching == 0 ? 0 : all);
    }

    private static int? IndexOf(IReadOnlyList<string> file, List<string> lines, int near)
    {
        int? best = null;
        for (var start = 0; start + lines.Count <= file.Count; start++)
        {
            var index = 0;
            while (index < lines.Count && file[start + index] == lines[index])
            {
                index++;
            }

            if (index == lines.Count && (best is null || Math.Abs(start - near) < Math.Abs(best.Value - near)))
            {
                best = start;
            }
        }

        return best;
    }
}

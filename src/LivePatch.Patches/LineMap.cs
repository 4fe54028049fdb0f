namespace LivePatch.Patches;

/// <summary>Where a patch moves the lines of a file.</summary>
public static class LineMap
{
    /// <summary>For each line of the original file that stays its line in the patched file; lines count from 1. Hunks that
    /// applied with an offset make it inexact, which only makes a line-number difference count as a change.</summary>
    /// <param name="patches">The patches, in order.</param>
    /// <param name="path">The file.</param>
    /// <param name="originalLineCount">Lines the original file has.</param>
    public static IReadOnlyDictionary<int, int> For(IReadOnlyList<PatchFile> patches, string path, int originalLineCount)
    {
        var current = Enumerable.Range(1, originalLineCount).ToDictionary(static line => line, static line => line);
        foreach (var file in patches.SelectMany(static patch => patch.Files).Where(file => file.NewPath == path))
        {
            var (moved, tail) = Moves(file);
            current = current
                .Select(pair => (pair.Key, Value: moved.TryGetValue(pair.Value, out var to) ? to : pair.Value + Shift(tail, pair.Value)))
                .Where(static pair => pair.Value > 0)
                .ToDictionary(static pair => pair.Key, static pair => pair.Value);
        }

        return current;
    }

    /// <summary>For lines inside hunks where they go (0: removed); for others the shifts by where they begin.</summary>
    private static (Dictionary<int, int> Moved, List<(int From, int Shift)> Tail) Moves(PatchedFile file)
    {
        var moved = new Dictionary<int, int>();
        var tail = new List<(int, int)>();
        foreach (var hunk in file.Hunks)
        {
            // A side without lines names the line before the change, not the first line of it (diff -U0).
            var oldLine = hunk.OldCount == 0 ? hunk.OldStart + 1 : hunk.OldStart;
            var newLine = hunk.NewCount == 0 ? hunk.NewStart + 1 : hunk.NewStart;
            foreach (var line in hunk.Lines)
            {
                switch (line[0])
                {
                    case ' ':
                        moved[oldLine++] = newLine++;
                        break;
                    case '-':
                        moved[oldLine++] = 0;
                        break;
                    case '+':
                        newLine++;
                        break;
                }
            }

            tail.Add((oldLine, newLine - oldLine));
        }

        return (moved, tail);
    }

    private static int Shift(List<(int From, int Shift)> tail, int line)
    {
        var shift = 0;
        foreach (var (from, by) in tail)
        {
            if (line >= from)
            {
                shift = by;
            }
        }

        return shift;
    }
}

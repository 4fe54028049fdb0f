using System.Text;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>
/// The change of a makefile, line by line and in its order, and the changed makefile written anew: what stays is the kernel's own text,
/// what comes in has been read by <see cref="MakefileGrammar"/> and is written in one form. So nothing reaches make that was not
/// understood, whatever make makes of bytes that look like nothing here.
/// </summary>
internal sealed class MakefileChange
{
    /// <summary>Pairs of lines a comparison may look at; the largest makefile of a directory has some hundred lines.</summary>
    private const long MostWork = 4_000_000;

    private readonly IReadOnlyList<MakefileLine> _before;
    private readonly IReadOnlyList<MakefileLine> _after;

    /// <summary>For each line after, the line before that it is; -1 for a new one.</summary>
    private readonly int[] _origin;
    private readonly HashSet<int> _kept;

    private MakefileChange(IReadOnlyList<MakefileLine> before, IReadOnlyList<MakefileLine> after, int[] origin)
    {
        (_before, _after, _origin) = (before, after, origin);
        _kept = [.. origin];
        Removed = [.. Enumerable.Range(0, before.Count).Where(index => !_kept.Contains(index)).Select(index => before[index].Text)];
        Added = [.. Enumerable.Range(0, after.Count).Where(index => origin[index] < 0).Select(index => after[index].Text)];
    }

    /// <summary>Lines that go, and lines that are moved.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>Lines that come, and lines that are moved.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>True when nothing changes but comments and white space.</summary>
    public bool IsNone => Removed.Count + Added.Count == 0;

    /// <summary>True when the file before has recipes.</summary>
    public bool HasRecipes => _before.Any(static line => line.Text.StartsWith('\t'));

    /// <summary>All changed lines.</summary>
    public IEnumerable<string> Changed => Removed.Concat(Added);

    /// <summary>Compares; null when the files are too long to.</summary>
    public static MakefileChange? TryFind(string before, string after)
    {
        MakefileLine[] old = [.. MakefileText.Read(before).Where(static line => line.Text.Length > 0)];
        MakefileLine[] @new = [.. MakefileText.Read(after).Where(static line => line.Text.Length > 0)];
        int head = 0, tail = 0;
        while (head < old.Length && head < @new.Length && old[head].Text == @new[head].Text)
        {
            head++;
        }

        while (tail < old.Length - head && tail < @new.Length - head && old[^(tail + 1)].Text == @new[^(tail + 1)].Text)
        {
            tail++;
        }

        int rows = old.Length - head - tail, columns = @new.Length - head - tail;
        if ((long)rows * columns > MostWork)
        {
            return null;
        }

        var origin = new int[@new.Length];
        Array.Fill(origin, -1);
        for (var index = 0; index < head; index++)
        {
            origin[index] = index;
        }

        for (var index = 1; index <= tail; index++)
        {
            origin[^index] = old.Length - index;
        }

        Match(old.AsSpan(head, rows), @new.AsSpan(head, columns), head, origin);
        return new MakefileChange(old, @new, origin);
    }

    /// <summary>Why the change cannot be taken for what its lines say; null when it can.</summary>
    public string? Objection()
    {
        if (Changed.FirstOrDefault(static line => !MakefileGrammar.IsPlain(line)) is { } other)
        {
            return $"changes in more than plain lists of objects: '{other}'";
        }

        return Misplaced(_after, index => _origin[index] >= 0) ?? Misplaced(_before, _kept.Contains);
    }

    /// <summary>The changed makefile: the kernel's own lines as they are, and the patch's in one form.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        for (var index = 0; index < _after.Count; index++)
        {
            text.Append(_origin[index] >= 0 ? _before[_origin[index]].Raw : _after[index].Text);
            if (text[^1] != '\n')
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A changed line in a definition or between a rule and its recipe is not what it looks like.</summary>
    private static string? Misplaced(IReadOnlyList<MakefileLine> lines, Func<int, bool> isKept)
    {
        var depth = 0;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index].Text;
            if (line == "define" || line.StartsWith("define ", StringComparison.Ordinal)
                || line.Contains(" define ", StringComparison.Ordinal))
            {
                depth++;
            }
            else if (line == "endef")
            {
                depth--;
            }

            if (!isKept(index) && (depth != 0 || (index + 1 < lines.Count && lines[index + 1].Text.StartsWith('\t'))))
            {
                return $"changes within a rule or a definition: '{line}'";
            }
        }

        return null;
    }

    /// <summary>The longest sequence of lines that both have.</summary>
    private static void Match(ReadOnlySpan<MakefileLine> old, ReadOnlySpan<MakefileLine> @new, int head, int[] origin)
    {
        var length = new int[old.Length + 1, @new.Length + 1];
        for (var row = old.Length - 1; row >= 0; row--)
        {
            for (var column = @new.Length - 1; column >= 0; column--)
            {
                length[row, column] = old[row].Text == @new[column].Text
                    ? length[row + 1, column + 1] + 1
                    : Math.Max(length[row + 1, column], length[row, column + 1]);
            }
        }

        for (int row = 0, column = 0; row < old.Length && column < @new.Length;)
        {
            if (old[row].Text == @new[column].Text)
            {
                origin[head + column++] = head + row++;
            }
            else if (length[row + 1, column] >= length[row, column + 1])
            {
                row++;
            }
            else
            {
                column++;
            }
        }
    }
}

using System.Text;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>A makefile as logical lines, with what makes no difference told from what does: comments, blank lines, white space,
/// continuations.</summary>
internal static class MakefileText
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>All logical lines. Of recipes everything is kept, as they are the shell's.</summary>
    /// <param name="text">The file, read as Latin-1: every byte counts, and none is taken for another.</param>
    public static IReadOnlyList<MakefileLine> Read(string text)
    {
        var result = new List<MakefileLine>();
        var joined = new StringBuilder();
        var raw = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            var next = end < 0 ? text.Length : end + 1;
            var line = text[at..(end < 0 ? text.Length : end)];
            line = line.EndsWith('\r') ? line[..^1] : line;
            raw.Append(text, at, next - at);
            at = next;
            var continues = EndsWithContinuation(line);
            joined.Append(continues ? line[..^1] + " " : line);
            if (!continues || at == text.Length)
            {
                result.Add(new MakefileLine(Canonical(joined.ToString()), raw.ToString()));
                joined.Clear();
                raw.Clear();
            }
        }

        return result;
    }

    /// <summary>The lines that count.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
        [.. Read(text).Select(static line => line.Text).Where(static line => line.Length > 0)];

    private static string Canonical(string line)
    {
        if (line.StartsWith('\t'))
        {
            return line.Trim(Blanks).Length > 0 ? line : string.Empty;
        }

        return string.Join(' ', WithoutComment(line).Split(Blanks, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A number sign begins a comment unless a backslash stands before it, also inside quotes.</summary>
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || line[at - 1] != '\\')
            {
                // "$(pound)" and "$(subst #,...)" are not found in the kernel's directories; a wrong cut shows as a change.
                return line[..at];
            }
        }

        return line;
    }

    private static bool EndsWithContinuation(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;
}

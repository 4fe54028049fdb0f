namespace LivePatch.Core.Processes;

/// <summary>Quoting for POSIX shells.</summary>
public static class ShellText
{
    private const string Safe = "-_./=:,@%+";

    /// <summary>The word as a POSIX shell reads it back unchanged; safe words stay as they are.</summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || Safe.Contains(c, StringComparison.Ordinal)))
        {
            return word;
        }

        return "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}

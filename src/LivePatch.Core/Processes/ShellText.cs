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

    /// <summary>
    /// The words of the first simple command in a shell text, without their quotes. Null when the shell would have to expand something to
    /// know them (a variable, a substitution), or a quote is not closed.
    /// </summary>
    public static IReadOnlyList<string>? FirstCommand(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var started = false;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '\'')
            {
                var end = text.IndexOf('\'', at + 1);
                if (end < 0)
                {
                    return null;
                }

                word.Append(text, at + 1, end - at - 1);
                at = end;
                started = true;
            }
            else if (character == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    if (text[at] is '$' or '`')
                    {
                        return null;
                    }

                    at += text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or '$' or '`' ? 1 : 0;
                    word.Append(text[at]);
                }

                if (at >= text.Length)
                {
                    return null;
                }

                started = true;
            }
            else if (character == '\\' && at + 1 < text.Length)
            {
                word.Append(text[++at]);
                started = true;
            }
            else if (character is '$' or '`' or '(')
            {
                return null;
            }
            else if (character is ' ' or '\t' or ';' or '&' or '|' or '\n')
            {
                if (started)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    started = false;
                }

                if (character is not (' ' or '\t') && words.Count > 0)
                {
                    break;
                }
            }
            else
            {
                word.Append(character);
                started = true;
            }
        }

        if (started)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}

namespace LivePatch.Kbuild.Headers;

/// <summary>A declaration or definition of a preprocessed C text, with its white space made even.</summary>
/// <param name="Text">The text.</param>
/// <param name="Inline">The name of the static inline function that it declares or defines; null for everything else.</param>
internal sealed record TopLevelItem(string Text, string? Inline)
{
    // What makes the compiler keep a function that nothing uses.
    private static readonly string[] Keeping = [
        "used", "__used__", "constructor", "__constructor__", "destructor", "__destructor__", "retain", "__retain__"];
    private static readonly string[] WithArguments = [
        "__attribute__", "__attribute", "__asm__", "asm", "_Alignas", "typeof", "__typeof__", "__typeof"];

    /// <summary>Makes an item of a text that starts and ends with a word.</summary>
    public static TopLevelItem Of(string text) => new(text, InlineName(text));

    /// <summary>Every name and keyword in it, outside of quotes.</summary>
    public IEnumerable<string> Words() => Words(Text);

    private static IEnumerable<string> Words(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character is '"' or '\'')
            {
                at = SourceText.EndOfQuote(text, at);
            }
            else if (IsWord(character))
            {
                var start = at;
                while (at < text.Length && IsWord(text[at]))
                {
                    at++;
                }

                yield return text[start..at--];
            }
        }
    }

    public static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$' || character > 127;

    private static string? InlineName(string text)
    {
        if (!text.StartsWith("static ", StringComparison.Ordinal) && !text.StartsWith("inline ", StringComparison.Ordinal)
            && !text.StartsWith("__inline", StringComparison.Ordinal))
        {
            return null;
        }

        bool isStatic = false, isInline = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (!IsWord(text[at]))
            {
                if (text[at] is not (' ' or '*'))
                {
                    return null;
                }

                continue;
            }

            var start = at;
            while (at < text.Length && IsWord(text[at]))
            {
                at++;
            }

            var word = text[start..at];
            var next = at < text.Length && text[at] == ' ' ? at + 1 : at;
            var isCall = next < text.Length && text[next] == '(';
            if (Array.IndexOf(WithArguments, word) >= 0 && isCall)
            {
                var end = EndOfParentheses(text, next);
                if (Words(text[next..end]).Any(static item => Array.IndexOf(Keeping, item) >= 0))
                {
                    return null;
                }

                at = end;
            }
            else if (isCall)
            {
                return isStatic && isInline ? word : null;
            }
            else
            {
                isStatic |= word == "static";
                isInline |= word is "inline" or "__inline" or "__inline__";
                at--;
            }
        }

        return null;
    }

    /// <summary>The index of the closing parenthesis.</summary>
    private static int EndOfParentheses(string text, int start)
    {
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            var character = text[at];
            if (character is '"' or '\'')
            {
                at = SourceText.EndOfQuote(text, at);
            }
            else if (character == '(')
            {
                depth++;
            }
            else if (character == ')' && --depth == 0)
            {
                return at;
            }
        }

        return text.Length - 1;
    }
}

using System.Text;

namespace LivePatch.Kbuild.Headers;

/// <summary>C text without what means nothing: how much white space separates words, blank lines, and comments where they still are.
/// What stands in quotes stays as it is.</summary>
internal static class SourceText
{
    /// <summary>True when two texts of a file differ in comments, blank lines and white space only. They then preprocess to
    /// the same tokens on other lines.</summary>
    public static bool IsSameCode(string before, string after) => WithoutComments(before) == WithoutComments(after);

    /// <summary>True when two preprocessed texts have the same tokens: the compiler sees no difference but of lines.</summary>
    public static bool IsSameTokens(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
        {
            return true;
        }

        var left = new Cursor(before);
        var right = new Cursor(after);
        while (true)
        {
            var (one, other) = (left.Next(), right.Next());
            if (one != other)
            {
                return false;
            }

            if (one < 0)
            {
                return true;
            }
        }
    }

    /// <summary>The text with comments as a blank each, hidden line ends joined, blanks in a row as one, and no blank lines. Line ends
    /// stay: they end directives.</summary>
    internal static string WithoutComments(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\\n", string.Empty, StringComparison.Ordinal);
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '/' && at + 1 < text.Length && text[at + 1] is '/' or '*')
            {
                var end = text[at + 1] == '/' ? text.IndexOf('\n', at) : text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? text.Length : text[at + 1] == '/' ? end - 1 : end + 1;
                character = ' ';
            }
            else if (character is '"' or '\'')
            {
                var end = EndOfQuote(text, at);
                result.Append(text, at, end - at);
                at = end;
                character = text[end];
            }

            var isBlank = character is ' ' or '\t' or '\f' or '\v';
            if (character == '\n')
            {
                while (result.Length > 0 && result[^1] == ' ')
                {
                    result.Length--;
                }
            }

            var isFirst = result.Length == 0 || result[^1] == '\n';
            if ((!isBlank || !(isFirst || result[^1] == ' ')) && !(character == '\n' && isFirst))
            {
                result.Append(isBlank ? ' ' : character);
            }
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>The index of the quote that closes one; of the line's or the text's end where none does.</summary>
    internal static int EndOfQuote(string text, int start)
    {
        var at = start + 1;
        while (at < text.Length && text[at] != text[start] && text[at] != '\n')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at, text.Length - 1);
    }

    /// <summary>Goes over a text byte by byte, with any white space outside of quotes as one blank.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _at;
        private byte _quote;
        private bool _isEscaped;
        private bool _isStarted;

        /// <summary>The next byte; -1 at the end. Blanks at the start and the end are none.</summary>
        public int Next()
        {
            if (_quote == 0 && _at < _text.Length && IsBlank(_text[_at]))
            {
                while (_at < _text.Length && IsBlank(_text[_at]))
                {
                    _at++;
                }

                if (_isStarted && _at < _text.Length)
                {
                    return ' ';
                }
            }

            if (_at >= _text.Length)
            {
                return -1;
            }

            _isStarted = true;
            var next = _text[_at++];
            if (_quote == 0)
            {
                _quote = next is (byte)'"' or (byte)'\'' ? next : (byte)0;
            }
            else if (_isEscaped)
            {
                _isEscaped = false;
            }
            else if (next == '\\')
            {
                _isEscaped = true;
            }
            else if (next == _quote || next == '\n')
            {
                _quote = 0;
            }

            return next;
        }

        private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v';
    }
}

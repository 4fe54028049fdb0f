namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Finds what a file includes, by its text alone: every #include counts, whatever #if it stands in, so that the answer
/// holds for every configuration and never misses one.
///
/// A computed include (<c>#include MACRO</c>) names its file in a macro. Instead of expanding macros, a definition whose whole
/// value is a file name counts as an include of that name wherever the definition stands: an object can only use the macro when
/// it reaches the definition. In Linux 6.1 that is all there is, but for tracepoints: include/trace/define_trace.h puts
/// its file's name together from TRACE_INCLUDE_PATH and TRACE_INCLUDE_FILE; the latter, a name without extension, counts likewise.
/// </summary>
internal static class IncludeScanner
{
    private const int LongestName = 255;

    /// <summary>The names a text includes. A name may come several times.</summary>
    public static List<IncludeDirective> Scan(ReadOnlySpan<byte> text)
    {
        var found = new List<IncludeDirective>();
        while (true)
        {
            // Not only at the start of a line: a comment may stand before it. What is found too much in strings does no harm.
            var sign = text.IndexOf((byte)'#');
            if (sign < 0)
            {
                return found;
            }

            text = text[(sign + 1)..];
            var rest = SkipBlanks(text);
            var directive = Word(rest);
            rest = rest[directive.Length..];
            if (directive.SequenceEqual("include"u8) || directive.SequenceEqual("include_next"u8) || directive.SequenceEqual("import"u8))
            {
                if (FileName(SkipBlanks(rest), out var isQuoted) is { } name)
                {
                    found.Add(
                        new IncludeDirective(
                            name,
                            directive.SequenceEqual("include_next"u8)
                                ? IncludeKind.Anywhere
                                : isQuoted
                                ? IncludeKind.Quoted
                                : IncludeKind.Angled));
                }
            }
            else if (directive.SequenceEqual("define"u8) && DefinedFile(rest) is { } defined)
            {
                found.Add(new IncludeDirective(defined, IncludeKind.Anywhere));
            }
        }
    }

    /// <summary>The file name that is the whole value of a macro.</summary>
    private static string? DefinedFile(ReadOnlySpan<byte> text)
    {
        text = SkipBlanks(text);
        var macro = Word(text);
        text = SkipBlanks(text[macro.Length..]);
        if (macro.SequenceEqual("TRACE_INCLUDE_FILE"u8))
        {
            var end = text.IndexOfAny(" \t\r\n/"u8);
            var stem = end < 0 ? text : text[..end];
            return stem.IsEmpty ? null : System.Text.Encoding.Latin1.GetString(stem) + ".h";
        }

        return FileName(text, out _) is { } name && Path.HasExtension(name) && !name.AsSpan().ContainsAny(" %") ? name : null;
    }

    private static string? FileName(ReadOnlySpan<byte> text, out bool isQuoted)
    {
        isQuoted = false;
        if (text.IsEmpty || text[0] is not ((byte)'"' or (byte)'<'))
        {
            return null;
        }

        isQuoted = text[0] == '"';
        text = text[1..];
        var end = text[..Math.Min(text.Length, LongestName)].IndexOfAny((byte)(isQuoted ? '"' : '>'), (byte)'\n');
        return end > 0 && text[end] != '\n' ? System.Text.Encoding.Latin1.GetString(text[..end]) : null;
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit((char)text[length]) || text[length] == '_'))
        {
            length++;
        }

        return text[..length];
    }

    /// <summary>Goes over blanks, comments on one line, and line ends that a backslash hides.</summary>
    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            if (!text.IsEmpty && text[0] is (byte)' ' or (byte)'\t' or (byte)'\f' or (byte)'\v')
            {
                text = text[1..];
            }
            else if (text.StartsWith("\\\n"u8))
            {
                text = text[2..];
            }
            else if (text.StartsWith("\\\r\n"u8))
            {
                text = text[3..];
            }
            else if (text.StartsWith("/*"u8) && text.IndexOf("*/"u8) is > 0 and var end)
            {
                text = text[(end + 2)..];
            }
            else
            {
                return text;
            }
        }
    }
}

using System.Globalization;
using System.Text;
using LivePatch.Elf;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Content of merged literals: strings by their characters up to the terminator, constants by entry.
///
/// A reference into the middle of a literal means the whole of it, because inlined copies of variable length read backwards from
/// there. Where the literal begins is known from the symbol of the reference: assemblers keep it when anything is added. Without a
/// symbol the bytes tell.
/// </summary>
public static class Literals
{
    /// <summary>The literal a reference to a section of literals means.</summary>
    public static Literal Of(in Reference reference)
    {
        var literals = reference.Target!;
        var symbol = reference.Relocation.Symbol;
        if (symbol.Section != literals.Section || symbol.Type == ElfSymbolType.Section)
        {
            return At(literals, reference.TargetOffset);
        }

        var (start, end) = Bounds(literals, (long)symbol.Value);
        start = Math.Min((long)symbol.Value, literals.Section.Data.Length);
        end = symbol.Size > 0 ? Math.Min((long)symbol.End, literals.Section.Data.Length) : Math.Max(start, end);
        return new Literal(literals, start, end, reference.TargetOffset - start);
    }

    /// <summary>The literal that holds a byte of a section; the nearest one for a place outside the section.</summary>
    public static Literal At(Atom literals, long offset)
    {
        var (start, end) = Bounds(literals, offset);
        return new Literal(literals, start, end, offset - start);
    }

    private static (long Start, long End) Bounds(Atom literals, long offset)
    {
        var bytes = literals.Section.Data.Span;
        if (bytes.IsEmpty)
        {
            return (0, 0);
        }

        var unit = (int)Math.Clamp(literals.Section.EntrySize, 1, (ulong)bytes.Length);
        var at = (int)Math.Clamp(offset, 0, bytes.Length - 1) / unit * unit;
        if (!literals.Section.IsStrings)
        {
            return (at, Math.Min(at + unit, bytes.Length));
        }

        var start = at;
        while (start >= unit && bytes.Slice(start - unit, unit).ContainsAnyExcept((byte)0))
        {
            start -= unit;
        }

        var end = at;
        while (end + unit <= bytes.Length && bytes.Slice(end, unit).ContainsAnyExcept((byte)0))
        {
            end += unit;
        }

        return (start, Math.Min(end + unit, bytes.Length));
    }

    /// <summary>The bytes from where a reference leads up to the literal's end; empty when it leads outside.</summary>
    public static ReadOnlySpan<byte> Rest(in Reference reference)
    {
        var literal = Of(reference);
        return literal.Inner < 0 || literal.Inner > literal.Content.Length ? default : literal.Content[(int)literal.Inner..];
    }

    /// <summary>True when two references mean the same literal, and the same place in it.</summary>
    public static bool Equal(in Literal before, in Literal after) =>
        before.Section.Section.IsStrings == after.Section.Section.IsStrings
        && before.Section.Section.EntrySize == after.Section.Section.EntrySize
        && before.Inner == after.Inner
        && before.Content.SequenceEqual(after.Content);

    /// <summary>The numbers of the "file.c:123" two strings contain, when nothing else differs; else null.</summary>
    public static (int Before, int After)? LinesOf(in Literal before, in Literal after)
    {
        if (!before.Section.Section.IsStrings || !after.Section.Section.IsStrings || before.Inner != after.Inner)
        {
            return null;
        }

        var (left, right) = (Split(before.Content), Split(after.Content));
        return left is { } old && right is { } now && old.Head == now.Head && old.Tail == now.Tail ? (old.Line, now.Line) : null;

        static (string Head, int Line, string Tail)? Split(ReadOnlySpan<byte> content)
        {
            var text = Encoding.Latin1.GetString(content);
            var colon = Math.Max(text.IndexOf(".c:", StringComparison.Ordinal), text.IndexOf(".h:", StringComparison.Ordinal));
            if (colon < 0)
            {
                return null;
            }

            var end = colon + 3;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            return int.TryParse(text[(colon + 3)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
                ? (text[..(colon + 3)], line, text[end..])
                : null;
        }
    }

    /// <summary>The literal as a reader would write it, cut when long, and the place in it.</summary>
    public static string Describe(in Reference reference)
    {
        var literal = Of(reference);
        return literal.Inner == 0 ? Describe(literal) : $"{Describe(literal)}{literal.Inner:+0;-0}";
    }

    /// <summary>The literal that holds a byte of a section, as a reader would write it.</summary>
    public static string Describe(Atom literals, long offset) => Describe(At(literals, offset));

    private static string Describe(in Literal literal)
    {
        var content = literal.Content;
        if (!literal.Section.Section.IsStrings)
        {
            return "0x" + Convert.ToHexString(content);
        }

        var text = new StringBuilder("\"");
        foreach (var value in content[..Math.Min(content.Length, 60)])
        {
            switch (value)
            {
                case 0:
                    break;
                case (byte)'\n':
                    text.Append("\\n");
                    break;
                case (byte)'\t':
                    text.Append("\\t");
                    break;
                case >= 0x20 and < 0x7f:
                    text.Append((char)value);
                    break;
                default:
                    text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
                    break;
            }
        }

        return text.Append(content.Length > 60 ? "...\"" : "\"").ToString();
    }
}

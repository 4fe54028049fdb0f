using System.Globalization;
using System.Text;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>Content of merged literals: strings by their characters up to the terminator, constants by entry.</summary>
public static class Literals
{
    /// <summary>The bytes a reference means; empty when it points outside the section.</summary>
    public static ReadOnlySpan<byte> Content(Atom literals, long offset)
    {
        var bytes = literals.Section.Data.Span;
        if (offset < 0 || offset >= bytes.Length)
        {
            return default;
        }

        var rest = bytes[(int)offset..];
        if (!literals.Section.IsStrings)
        {
            // A reference into the middle of a constant means the rest of it.
            var size = Math.Clamp(literals.Section.EntrySize, 1, (ulong)bytes.Length);
            return rest[..(int)Math.Min((ulong)rest.Length, size - ((ulong)offset % size))];
        }

        var unit = (int)Math.Clamp(literals.Section.EntrySize, 1, (ulong)bytes.Length);
        for (var end = 0; end + unit <= rest.Length; end += unit)
        {
            if (!rest.Slice(end, unit).ContainsAnyExcept((byte)0))
            {
                return rest[..(end + unit)];
            }
        }

        return rest;
    }

    /// <summary>True when two references mean the same literal.</summary>
    public static bool Equal(Atom before, long beforeOffset, Atom after, long afterOffset) =>
        before.Section.IsStrings == after.Section.IsStrings
        && before.Section.EntrySize == after.Section.EntrySize
        && Content(before, beforeOffset).SequenceEqual(Content(after, afterOffset));

    /// <summary>The numbers of the "file.c:123" two strings contain, when nothing else differs; else null.</summary>
    public static (int Before, int After)? LinesOf(Atom before, long beforeOffset, Atom after, long afterOffset)
    {
        if (!before.Section.IsStrings || !after.Section.IsStrings)
        {
            return null;
        }

        var (left, right) = (Split(Content(before, beforeOffset)), Split(Content(after, afterOffset)));
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

    /// <summary>The literal as a reader would write it, cut when long.</summary>
    public static string Describe(Atom literals, long offset)
    {
        var content = Content(literals, offset);
        if (!literals.Section.IsStrings)
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

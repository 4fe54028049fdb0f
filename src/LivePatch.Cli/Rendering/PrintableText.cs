using System.Globalization;
using System.Text;

namespace LivePatch.Cli.Rendering;

/// <summary>
/// Text that may hold anything (names of a patch, messages of a compiler that quote it, what a guest wrote) for a terminal and a log. What
/// moves the cursor, clears, colours, renames the window, hides or turns round what is read is written as an escape, in the form that JSON
/// has too. Line ends and tabs stay.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text with what is no text escaped.</summary>
    public static string Of(string text)
    {
        var first = 0;
        while (first < text.Length && IsText(text[first]))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var result = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var value in text.AsSpan(first))
        {
            if (IsText(value))
            {
                result.Append(value);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)value:x4}");
            }
        }

        return result.ToString();
    }

    /// <summary>As <see cref="Of"/>, on one line: for names.</summary>
    public static string OfLine(string text) => Of(text).Replace("\n", "\\u000a", StringComparison.Ordinal);

    private static bool IsText(char value) =>
        value is '\n' or '\t'
        || !(
            char.IsControl(value) || value is '\u2028' or '\u2029' or '\ufeff' || char.GetUnicodeCategory(value) == UnicodeCategory.Format);
}

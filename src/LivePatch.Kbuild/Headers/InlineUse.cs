using System.Text;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Tells whether two preprocessed texts differ only in static inline functions that nothing in them uses.
///
/// A header's functions are in the text of everything that includes it; most of it calls few of them, and the compiler makes no code of the
/// others. So a changed function counts for an object only when something that is code, or an inline function that is used itself, names
/// it. The text is cut into its top-level declarations; those that are no static inline functions must be the same and in
/// the same order.
///
/// Any mention of the name counts as use, that of a structure's field too: names are compared and not understood. A
/// declaration that is cut or read wrongly is no static inline function, and then a difference in it counts.
/// </summary>
internal static class InlineUse
{
    /// <summary>True when the compiler makes the same code of both.</summary>
    public static bool IsUnaffected(string before, string after)
    {
        var (old, other) = (Split(before), Split(after));
        return Differing(old, other) is { } changed && !Used(old).Overlaps(changed) && !Used(other).Overlaps(changed);
    }

    /// <summary>Whether a patched text uses functions that a header changes; null when it does not have them as static inline
    /// functions.</summary>
    public static bool? Uses(string text, IReadOnlySet<string> changed)
    {
        var items = Split(text);
        return changed.Except(items.Select(static item => item.Inline)).Any() ? null : Used(items).Overlaps(changed);
    }

    /// <summary>The static inline functions in which two texts differ; null when they differ in anything else, or in the order
    /// only.</summary>
    internal static HashSet<string>? Differing(List<TopLevelItem> old, List<TopLevelItem> other)
    {
        if (!old.Where(static item => item.Inline is null).SequenceEqual(other.Where(static item => item.Inline is null)))
        {
            return null;
        }

        var changed =
            Texts(old)
                .Except(Texts(other))
                .Concat(Texts(other).Except(Texts(old)))
                .Select(static pair => pair.Name)
                .ToHashSet(StringComparer.Ordinal);

        // With the same texts in another order, or more than once, there is nothing to say.
        return changed.Count > 0
            && old.Where(item => !changed.Contains(item.Inline ?? string.Empty))
                .SequenceEqual(other.Where(item => !changed.Contains(item.Inline ?? string.Empty)))
            ? changed
            : null;
    }

    /// <summary>Cuts a text into its top-level declarations.</summary>
    internal static List<TopLevelItem> Split(string text)
    {
        var items = new List<TopLevelItem>();
        var current = new StringBuilder();
        var depth = 0;
        var hasValue = false;
        var wasParenthesis = false;
        var isBody = false;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
            {
                if (current.Length > 0 && current[^1] != ' ')
                {
                    current.Append(' ');
                }

                continue;
            }

            if (character == '#' && current.Length == 0)
            {
                // A pragma is a line.
                var end = text.IndexOf('\n', at);
                end = end < 0 ? text.Length : end;
                items.Add(new TopLevelItem(text[at..end].TrimEnd(), null));
                at = end;
                continue;
            }

            if (character is '"' or '\'')
            {
                var end = SourceText.EndOfQuote(text, at);
                current.Append(text, at, end - at + 1);
                at = end;
                wasParenthesis = false;
                continue;
            }

            current.Append(character);
            var ends = false;
            switch (character)
            {
                case '{' when depth == 0:
                    isBody = wasParenthesis && !hasValue;
                    depth++;
                    break;
                case '{' or '(' or '[':
                    depth++;
                    break;
                case '}' or ')' or ']':
                    depth = Math.Max(0, depth - 1);
                    ends = character == '}' && depth == 0 && isBody;
                    break;
                case '=' when depth == 0:
                    hasValue = true;
                    break;
                case ';' when depth == 0:
                    ends = true;
                    break;
            }

            wasParenthesis = character == ')';
            if (ends)
            {
                items.Add(TopLevelItem.Of(current.ToString()));
                current.Clear();
                (hasValue, isBody) = (false, false);
            }
        }

        if (current.Length > 0)
        {
            items.Add(new TopLevelItem(current.ToString(), null));
        }

        return items;
    }

    private static IEnumerable<(string Name, string Text)> Texts(List<TopLevelItem> items) =>
        items.Where(static item => item.Inline is not null).Select(static item => (item.Inline!, item.Text));

    /// <summary>The static inline functions that something uses.</summary>
    private static HashSet<string> Used(List<TopLevelItem> items)
    {
        var functions = items.Where(static item => item.Inline is not null).ToLookup(static item => item.Inline!, StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<TopLevelItem>(items.Where(static item => item.Inline is null));
        while (pending.TryPop(out var item))
        {
            foreach (var word in item.Words())
            {
                if (functions.Contains(word) && used.Add(word))
                {
                    foreach (var function in functions[word])
                    {
                        pending.Push(function);
                    }
                }
            }
        }

        return used;
    }
}

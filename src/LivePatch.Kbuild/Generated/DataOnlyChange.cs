using LivePatch.Kbuild.Headers;

namespace LivePatch.Kbuild.Generated;

/// <summary>
/// Tells whether a program of the kernel's build, compiled with a changed header, differs in data only.
///
/// genheaders has security/selinux/include/classmap.h compiled in. It must be compiled with the changed header to make what the kernel's
/// build would make; but then code that a header can hold (a constructor, an inline function, a macro in the place of a call)
/// would run here. So both preprocessed texts are cut into their declarations, which must be the same ones, but for the values of
/// variables with an initialiser in braces, and the constants of enumerations. Such a value may have literals, designators, null pointers,
/// and names that the unpatched value has too: no new name can be a function.
/// </summary>
internal static class DataOnlyChange
{
    /// <summary>True when the texts differ in data only, or not at all.</summary>
    public static bool Is(string before, string after)
    {
        var (old, other) = (InlineUse.Split(before), InlineUse.Split(after));
        return old.Count == other.Count
            && old.Zip(other)
                .All(static pair => pair.First.Text == pair.Second.Text || IsData(Tokens(pair.First.Text), Tokens(pair.Second.Text)));
    }

    private static bool IsData(List<string> before, List<string> after)
    {
        // The same up to the brace that opens the values.
        var start = before.IndexOf("{");
        if (start <= 0 || start >= after.Count || !before.Take(start + 1).SequenceEqual(after.Take(start + 1)) || before[^1] != ";"
            || after[^1] != ";")
        {
            return false;
        }

        var head = before.Take(start).ToList();
        var isEnumeration = head is ["enum"] or ["enum", _];
        var isVariable = head[^1] == "=";
        if ((!isEnumeration && !isVariable) || before[^2] != "}" || after[^2] != "}")
        {
            return false;
        }

        var known = before.Skip(start).Where(IsName).ToHashSet(StringComparer.Ordinal);
        return IsValues(after, start, isEnumeration, known);
    }

    private static bool IsValues(List<string> tokens, int start, bool isEnumeration, HashSet<string> known)
    {
        var depth = 0;
        for (var at = start; at < tokens.Count - 1; at++)
        {
            var token = tokens[at];
            if (IsNull(tokens, at))
            {
                at += 6;
                continue;
            }

            depth += token switch { "{" => 1, "}" => -1, _ => 0 };
            var isFine = token is "{" or "}" or "," or "-" or "[" or "]" or "=" or "." || token[0] is '"' or '\''
                || char.IsAsciiDigit(token[0])
                || (IsName(token) && (isEnumeration ? depth == 1 : known.Contains(token) || tokens[at - 1] == "."));

            // The values end with the declaration, and nothing is declared behind them.
            if (!isFine || (depth == 0 && at != tokens.Count - 2))
            {
                return false;
            }
        }

        return depth == 0;
    }

    /// <summary>NULL, as a preprocessor leaves it.</summary>
    private static bool IsNull(List<string> tokens, int at) =>
        at + 7 <= tokens.Count && tokens.GetRange(at, 7) is ["(", "(", "void", "*", ")", "0", ")"];

    private static bool IsName(string token) => TopLevelItem.IsWord(token[0]) && !char.IsAsciiDigit(token[0]);

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            if (text[at] is '"' or '\'')
            {
                at = SourceText.EndOfQuote(text, at);
            }
            else if (TopLevelItem.IsWord(text[at]))
            {
                while (at + 1 < text.Length && TopLevelItem.IsWord(text[at + 1]))
                {
                    at++;
                }
            }
            else if (text[at] == ' ')
            {
                continue;
            }

            tokens.Add(text[start..(at + 1)]);
        }

        return tokens;
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LivePatch.Patches;

/// <summary>
/// File names in the headers of diffs: git's C-like quoting (git-diff(1), core.quotePath), the time stamps of diff(1)
/// after a tab, and leading components to strip. Input is text read as Latin-1, one character per byte; what comes out
/// is decoded as UTF-8.
/// </summary>
internal static partial class PatchNames
{
    /// <summary>What stands in the place of a file that does not exist.</summary>
    public const string NoFile = "/dev/null";

    /// <summary>The name in the text after "--- " or "+++ ".</summary>
    public static string OfHeader(string text)
    {
        if (text.StartsWith('"'))
        {
            return Unquote(text, 0).Name;
        }

        var cut = text.IndexOf('\t', StringComparison.Ordinal);
        var name = cut >= 0 ? text[..cut] : StampAfterSpaces().Replace(text, string.Empty);
        return Decode(name.TrimEnd());
    }

    /// <summary>A name that fills its line, as after "rename from ".</summary>
    public static string OfLine(string text) => text.StartsWith('"') ? Unquote(text, 0).Name : Decode(text);

    /// <summary>The two names of a "diff --git " line. Unquoted names with spaces are told apart by being equal but for
    /// the prefix, which they are wherever nothing else names the file.</summary>
    /// <returns>False when the line cannot be taken apart; other headers may still name the file.</returns>
    public static bool TryOfGit(string text, out string old, out string @new)
    {
        (old, @new) = (string.Empty, string.Empty);
        if (text.StartsWith('"'))
        {
            (old, var end) = Unquote(text, 0);
            @new = end + 1 < text.Length ? OfLine(text[(end + 1)..]) : string.Empty;
            return @new.Length > 0;
        }

        for (var space = text.IndexOf(' ', StringComparison.Ordinal); space > 0; space = text.IndexOf(' ', space + 1))
        {
            var (first, second) = (Decode(text[..space]), OfLine(text[(space + 1)..]));
            if (second.Length > 0 && (Strip(first, 1) == Strip(second, 1) || text.IndexOf(' ', space + 1) < 0))
            {
                (old, @new) = (first, second);
                return true;
            }
        }

        return false;
    }

    /// <summary>The name without its first components.</summary>
    /// <param name="name">A name of a header.</param>
    /// <param name="level">How many components go; a name that has no more keeps its last.</param>
    public static string Strip(string name, int level)
    {
        for (; level > 0; level--)
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                break;
            }

            name = name[(slash + 1)..];
        }

        return name;
    }

    /// <summary>True when a name is a path with nothing, or with leading components, before it.</summary>
    public static bool IsTail(string name, string path) => name == path || name.EndsWith("/" + path, StringComparison.Ordinal);

    /// <summary>True when a header's time stamp is the beginning of time, by which <c>diff -N</c> says that there is no
    /// file. It is written in local time, hence the arithmetic.</summary>
    public static bool IsEpoch(string header)
    {
        var match = Stamp().Match(header);
        return match.Success
            && DateTimeOffset.TryParseExact(
                $"{match.Groups[1].Value} {match.Groups[2].Value}:{match.Groups[3].Value}",
                "yyyy-MM-dd HH:mm:ss zzz",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time)
            && time.ToUnixTimeSeconds() == 0;
    }

    /// <summary>Text read byte by byte as what it was written as.</summary>
    public static string Decode(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    private static (string Name, int End) Unquote(string text, int start)
    {
        var name = new StringBuilder();
        var index = start + 1;
        for (; index < text.Length && text[index] != '"'; index++)
        {
            if (text[index] != '\\' || index + 1 >= text.Length)
            {
                name.Append(text[index]);
                continue;
            }

            var escape = text[++index];
            if (escape is >= '0' and <= '3' && index + 2 < text.Length && text[index + 1] is >= '0' and <= '7'
                && text[index + 2] is >= '0' and <= '7')
            {
                name.Append((char)(((escape - '0') << 6) | ((text[index + 1] - '0') << 3) | (text[index + 2] - '0')));
                index += 2;
                continue;
            }

            name.Append(
                escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'a' => '\a', 'b' => '\b', 'f' => '\f', 'v' => '\v', _ => escape });
        }

        return (Decode(name.ToString()), index + 1);
    }

    [GeneratedRegex(@"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d\d):?(\d\d)\s*$")]
    private static partial Regex Stamp();

    [GeneratedRegex(@"\s+\d{4}-\d\d-\d\d \d\d:\d\d.*$")]
    private static partial Regex StampAfterSpaces();
}

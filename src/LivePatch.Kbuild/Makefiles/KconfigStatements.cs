using System.Text.RegularExpressions;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>
/// The statements of a Kconfig file without what only people read: help texts, comments, the wording of prompts, menus
/// and "comment" entries (Documentation/kbuild/kconfig-language.rst). Whether there is a prompt at all is kept: a
/// symbol without one cannot be set by hand.
/// </summary>
internal static partial class KconfigStatements
{
    /// <summary>Reads them.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        var result = new List<string>();
        var inHelp = false;
        var helpIndent = -1;
        foreach (
            var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }

            if (inHelp)
            {
                // The first line of the text sets its indentation; a line with less ends it (scripts/kconfig/lexer.l).
                var indent = Indent(line);
                helpIndent = helpIndent < 0 ? indent : helpIndent;
                if (indent >= helpIndent && indent > 0)
                {
                    continue;
                }

                inHelp = false;
            }

            var statement = Spaces().Replace(WithoutComment(line), " ").Trim();
            if (statement.Length == 0)
            {
                continue;
            }

            inHelp = statement is "help" or "---help---";
            helpIndent = -1;
            if (!inHelp)
            {
                result.Add(Wording().Replace(statement, "$1 \"\""));
            }
        }

        return result;
    }

    private static string WithoutComment(string line)
    {
        var quote = '\0';
        for (var index = 0; index < line.Length; index++)
        {
            if (quote == '\0' && line[index] == '#')
            {
                return line[..index];
            }

            if (line[index] is '"' or '\'')
            {
                quote = quote == line[index] ? '\0' : quote == '\0' ? line[index] : quote;
            }
            else if (line[index] == '\\')
            {
                index++;
            }
        }

        return line;
    }

    private static int Indent(string line)
    {
        var column = 0;
        foreach (var c in line)
        {
            if (c is not (' ' or '\t'))
            {
                break;
            }

            column = c == '\t' ? (column | 7) + 1 : column + 1;
        }

        return column;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("""^(bool|tristate|string|int|hex|prompt|menu|comment|mainmenu) "(?:[^"\\$]|\\.)*"(?= |$)""")]
    private static partial Regex Wording();
}

using System.Text;
using System.Text.RegularExpressions;

namespace LivePatch.Build.BuildFiles;

/// <summary>The lines of a makefile without what makes no difference: comments, blank lines, white space, continuations.</summary>
internal static partial class MakefileText
{
    /// <summary>The logical lines. Recipes keep everything, as they are the shell's.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        var result = new List<string>();
        var joined = new StringBuilder();
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var continues = EndsWithContinuation(line);
            joined.Append(continues ? line[..^1] + " " : line);
            if (continues)
            {
                continue;
            }

            Add(joined.ToString(), result);
            joined.Clear();
        }

        Add(joined.ToString(), result);
        return result;
    }

    /// <summary>True for a line whose whole effect shows in the values of variables once make has read the file: an
    /// assignment of plain words, or a condition on the configuration. Functions, rules and included files may do
    /// anything.</summary>
    public static bool IsPlain(string line) =>
        !line.StartsWith('\t')
        && !Expansion().Replace(line, string.Empty).Contains('$', StringComparison.Ordinal)
        && (Assignment().IsMatch(line) || Condition().IsMatch(line));

    /// <summary>True for a line of a condition on the configuration.</summary>
    public static bool IsCondition(string line) => Condition().IsMatch(line);

    private static void Add(string line, List<string> result)
    {
        if (!line.StartsWith('\t'))
        {
            line = Spaces().Replace(WithoutComment(line), " ").Trim();
        }

        if (line.Trim().Length > 0)
        {
            result.Add(line);
        }
    }

    /// <summary>A number sign begins a comment unless a backslash stands before it, also inside quotes.</summary>
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#', StringComparison.Ordinal); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || line[at - 1] != '\\')
            {
                // "$(pound)" and "$(subst #,...)" are not found in the kernel's directories; a wrong cut shows as a change.
                return line[..at];
            }
        }

        return line;
    }

    private static bool EndsWithContinuation(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\$\(CONFIG_\w+\)")]
    private static partial Regex Expansion();

    [GeneratedRegex(@"^[\w.\-$()/]+ ?(:=|\+=|\?=|=)[^:=]*$")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(ifdef|ifndef) CONFIG_\w+$|^(ifeq|ifneq) ?\([^$]*(\$\(CONFIG_\w+\))?[^$]*\)$|^else( (ifdef|ifndef) CONFIG_\w+)?$|^endif$")]
    private static partial Regex Condition();
}

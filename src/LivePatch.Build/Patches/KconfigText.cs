namespace LivePatch.Build.Patches;

/// <summary>
/// Tells changes of a Kconfig file's help texts and comments from changes of what can be configured. Help text is what
/// is indented deeper than its "help" (Documentation/kbuild/kconfig-language.rst), by custom a tab and two spaces where
/// statements have one tab (Documentation/process/coding-style.rst). A hunk often begins in the middle of a help text;
/// then a line counts as text only when it is indented so and does not begin as a statement would.
/// </summary>
internal static class KconfigText
{
    private static readonly HashSet<string> Keywords =
    [
        "bool", "choice", "comment", "config", "def_bool", "def_tristate", "default", "depends", "endchoice", "endif", "endmenu",
        "help", "hex", "if", "imply", "int", "mainmenu", "menu", "menuconfig", "modules", "option", "optional", "prompt", "range",
        "select", "source", "string", "transitional", "tristate", "visible",
    ];

    /// <summary>True when no changed line can be a statement.</summary>
    public static bool IsAllText(PatchedFile file) =>
        file is { Kind: PatchedFileKind.Modified, Hunks.Count: > 0 } && file.Hunks.All(IsAllText);

    private static bool IsAllText(PatchHunk hunk)
    {
        // Indentation of the help text the current line is in; null outside of, or not known to be in, one.
        int? help = null;
        var isContinued = false;
        foreach (var line in hunk.Lines.Where(static line => line[0] != '\\'))
        {
            var text = line[1..];
            var trimmed = text.Trim();
            var indent = Indent(text);
            if (help is { } at && trimmed.Length > 0 && indent <= at)
            {
                help = null;
            }

            if (line[0] != ' ' && !(help is not null || IsText(text, trimmed, isContinued)))
            {
                return false;
            }

            if (help is null && trimmed == "help" && line[0] == ' ')
            {
                help = indent;
            }

            isContinued = trimmed.EndsWith('\\');
        }

        return true;
    }

    private static bool IsText(string text, string trimmed, bool isContinued)
    {
        if (isContinued || trimmed.EndsWith('\\') || trimmed.Contains("$(", StringComparison.Ordinal))
        {
            return false;
        }

        return trimmed.Length == 0
            || text.StartsWith('#')
            || (text.StartsWith("\t  ", StringComparison.Ordinal) && !Keywords.Contains(trimmed.Split(' ', '\t')[0]));
    }

    /// <summary>Columns of white space at the line's start, tabs going to multiples of eight.</summary>
    private static int Indent(string text)
    {
        var column = 0;
        foreach (var c in text)
        {
            if (c is not (' ' or '\t'))
            {
                break;
            }

            column = c == '\t' ? (column | 7) + 1 : column + 1;
        }

        return column;
    }
}

using System.Globalization;
using System.Text;

namespace LivePatch.Patches;

/// <summary>Writes a file's change as one plain unified diff, whatever dialect it came in.</summary>
internal static class PatchText
{
    /// <summary>The bytes of a file that is new.</summary>
    public static byte[] Added(PatchedFile file)
    {
        var text = new StringBuilder();
        foreach (var line in file.Hunks.SelectMany(static hunk => hunk.Lines))
        {
            if (line[0] == '\\' && text.Length > 0)
            {
                // "\ No newline at end of file"
                text.Length--;
            }
            else if (line[0] == '+')
            {
                text.Append(line, 1, line.Length - 1).Append('\n');
            }
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>The bytes for GNU patch.</summary>
    /// <param name="file">The change.</param>
    /// <param name="dosLines">The file's lines end in CR LF; a patch without them is adapted.</param>
    public static byte[] Of(PatchedFile file, bool dosLines)
    {
        // The names only say whether there is a file before and after; patch is told the path by itself.
        var text = new StringBuilder();
        text.Append("--- ").Append(file.Kind == PatchedFileKind.Added ? PatchNames.NoFile : "a/file").Append('\n');
        text.Append("+++ ").Append(file.Kind == PatchedFileKind.Deleted ? PatchNames.NoFile : "b/file").Append('\n');
        var addReturns = dosLines && file.Hunks.All(static hunk => hunk.Lines.All(static line => !line.EndsWith('\r')));
        foreach (var hunk in file.Hunks)
        {
            text.Append(CultureInfo.InvariantCulture, $"@@ -{hunk.OldStart},{hunk.OldCount} +{hunk.NewStart},{hunk.NewCount} @@\n");
            foreach (var line in hunk.Lines)
            {
                text.Append(line).Append(addReturns && line[0] != '\\' ? "\r\n" : "\n");
            }
        }

        // The lines were read byte by byte, and so they go out.
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}

namespace LivePatch.Diff.Objects;

/// <summary>
/// Sections of plain variables and constants, by the names that compilers and the kernel's headers give: nobody walks over them as a table.
/// </summary>
internal static class PlainSections
{
    private static readonly string[] Names =
    [
        ".data", ".rodata", ".bss", ".ldata", ".lrodata", ".lbss", ".ref.data", ".ref.rodata",
        ".init.data", ".init.rodata", ".exit.data", ".meminit.data",
    ];

    /// <summary>True for one of them, or a part of one (.data.NAME, .rodata.str1.1), or a section of a compiler's own (.L).</summary>
    public static bool Contains(string section)
    {
        foreach (var name in Names)
        {
            if (section.StartsWith(name, StringComparison.Ordinal) && (section.Length == name.Length || section[name.Length] == '.'))
            {
                return true;
            }
        }

        return section.StartsWith(".L", StringComparison.Ordinal);
    }
}

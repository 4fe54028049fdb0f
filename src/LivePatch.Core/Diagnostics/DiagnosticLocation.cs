using System.Globalization;
using System.Text;

namespace LivePatch.Core.Diagnostics;

/// <summary>
/// Where a diagnostic points, in the author's terms first: <c>fs/proc/meminfo.o: meminfo_proc_show+0x1c</c>,
/// and only when no symbol is known <c>fs/proc/meminfo.o: .altinstructions+0x18</c>.
/// </summary>
/// <param name="File">Object, patch or source path as the user knows it; null when there is none.</param>
/// <param name="Symbol">Function or variable; null when unknown.</param>
/// <param name="Section">Section name, used when there is no symbol.</param>
/// <param name="Offset">Byte offset in the symbol, else in the section, else in the file; null when it does not matter.</param>
/// <param name="Line">1-based line in a text file; null for binary files.</param>
public readonly record struct DiagnosticLocation(
    string? File,
    string? Symbol = null,
    string? Section = null,
    ulong? Offset = null,
    int? Line = null)
{
    /// <summary>No place at all.</summary>
    public static DiagnosticLocation None => default;

    /// <summary>A file as a whole.</summary>
    public static DiagnosticLocation InFile(string file) => new(file);

    /// <summary>A line of a text file, counted from 1.</summary>
    public static DiagnosticLocation AtLine(string file, int line) => new(file, Line: line);

    /// <summary>A byte offset of a binary file.</summary>
    public static DiagnosticLocation AtOffset(string file, ulong offset) => new(file, Offset: offset);

    /// <summary>A function or variable, optionally at a byte offset in it.</summary>
    public static DiagnosticLocation InSymbol(string file, string symbol, ulong? offset = null) =>
        new(file, Symbol: symbol, Offset: offset);

    /// <summary>A section, optionally at a byte offset in it.</summary>
    public static DiagnosticLocation InSection(string file, string section, ulong? offset = null) =>
        new(file, Section: section, Offset: offset);

    /// <summary>The place as text; empty for <see cref="None"/>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File);
        if (Line is { } line)
        {
            text.Append(CultureInfo.InvariantCulture, $":{line}");
        }

        var inner = Symbol ?? Section;
        if (inner is not null)
        {
            if (text.Length > 0)
            {
                text.Append(": ");
            }

            text.Append(inner);
        }

        if (Offset is { } offset)
        {
            text.Append(CultureInfo.InvariantCulture, $"+0x{offset:x}");
        }

        return text.ToString();
    }
}

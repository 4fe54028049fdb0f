using System.Globalization;
using System.Text;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Symbols;

/// <summary>
/// The exports of a kernel build: <c>Module.symvers</c>, lines of CRC, symbol, object, export type and namespace,
/// separated by tabs (Documentation/kbuild/modules.rst; the namespace came with 5.4). Immutable.
/// </summary>
public sealed class ModuleSymvers
{
    private readonly Dictionary<string, ExportedSymbol> _symbols;

    private ModuleSymvers(string source, Dictionary<string, ExportedSymbol> symbols)
    {
        Source = source;
        _symbols = symbols;
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>Number of exports.</summary>
    public int Count => _symbols.Count;

    /// <summary>All exports, in no particular order.</summary>
    public IReadOnlyCollection<ExportedSymbol> Symbols => _symbols.Values;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0001), and each malformed line (LP0212).</param>
    /// <returns>The exports, or null when a fatal diagnostic was added.</returns>
    public static ModuleSymvers? TryRead(string path, DiagnosticBag diagnostics)
    {
        try
        {
            return TryParse(path, File.ReadAllBytes(path), diagnostics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }

    /// <summary>Parses the content of a file.</summary>
    /// <param name="source">What diagnostics call it.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="diagnostics">Receives each malformed line (LP0212).</param>
    /// <returns>The exports, or null when a line is malformed: a symbol missed here would become a wrong relocation.</returns>
    public static ModuleSymvers? TryParse(string source, ReadOnlySpan<byte> content, DiagnosticBag diagnostics)
    {
        // A kernel has some 25,000 exports by some 5,000 objects: owners repeat and are made once.
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var symbols = new Dictionary<string, ExportedSymbol>(content.Length / 64, StringComparer.Ordinal);
        var lineNumber = 0;
        var isGood = true;
        while (!content.IsEmpty)
        {
            lineNumber++;
            var end = content.IndexOf((byte)'\n');
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            if (ParseLine(line, owners, out var why) is { } symbol)
            {
                symbols.TryAdd(symbol.Name, symbol);
                continue;
            }

            diagnostics.Add(KernelDiagnostics.BadSymvers.At(DiagnosticLocation.AtLine(source, lineNumber), why));
            isGood = false;
        }

        return isGood ? new ModuleSymvers(source, symbols) : null;
    }

    /// <summary>The export of that name; null when nothing exports it.</summary>
    public ExportedSymbol? Find(string name) => _symbols.GetValueOrDefault(name);

    /// <summary>These exports and others; of two of one name the first stays, the receiver's before the others.</summary>
    public ModuleSymvers With(IEnumerable<ExportedSymbol> others)
    {
        var all = new Dictionary<string, ExportedSymbol>(_symbols, StringComparer.Ordinal);
        foreach (var other in others)
        {
            all.TryAdd(other.Name, other);
        }

        return all.Count == _symbols.Count ? this : new ModuleSymvers(Source, all);
    }

    private static ExportedSymbol? ParseLine(ReadOnlySpan<byte> line, Dictionary<string, string> owners, out string why)
    {
        Span<Range> fields = stackalloc Range[5];
        var count = 0;
        foreach (var field in MemoryExtensions.Split(line, (byte)'\t'))
        {
            if (count < fields.Length)
            {
                fields[count] = field;
            }

            count++;
        }

        if (count is < 4 or > 5)
        {
            why =
                $"The line has {count} fields between tabs; it must have CRC, symbol, object, export type and, from Linux 5.4 on, "
                    + $"namespace.";
            return null;
        }

        var crcText = line[fields[0]];
        if (!crcText.StartsWith("0x"u8)
            || !uint.TryParse(crcText[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc))
        {
            why = $"The CRC is '{Text(crcText)}', not a hexadecimal number of 32 bits.";
            return null;
        }

        var export = line[fields[3]];
        var isGplOnly = export.SequenceEqual("EXPORT_SYMBOL_GPL"u8);
        if (!isGplOnly && !export.SequenceEqual("EXPORT_SYMBOL"u8))
        {
            why = $"The export type is '{Text(export)}', neither EXPORT_SYMBOL nor EXPORT_SYMBOL_GPL.";
            return null;
        }

        var name = Text(line[fields[1]]);
        var path = Text(line[fields[2]]);
        if (name.Length == 0 || path.Length == 0)
        {
            why = "The symbol or the object is empty.";
            return null;
        }

        if (!owners.TryGetValue(path, out var owner))
        {
            owner = ModuleName.FromPath(path);
            owners.Add(path, owner);
        }

        why = string.Empty;
        return new ExportedSymbol(name, crc, owner, count == 5 ? Text(line[fields[4]]) : string.Empty, isGplOnly);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}

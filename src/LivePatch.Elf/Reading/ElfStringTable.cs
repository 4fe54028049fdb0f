using System.Diagnostics.CodeAnalysis;
using System.Text;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Elf.Reading;

/// <summary>
/// Reads names out of one SHT_STRTAB. Linkers let names share bytes: equal names are stored once, and
/// <c>.text.f</c> may be the tail of <c>.rela.text.f</c>. A hostile table can have every entry start one byte
/// further into one long string, so the characters handed out are limited by a multiple of the table's size.
/// </summary>
internal sealed class ElfStringTable(ReadOnlyMemory<byte> bytes, string file, DiagnosticBag diagnostics)
{
    /// <summary>How often real tables use a byte on average is below two; see the type's summary.</summary>
    private const int SharingLimit = 16;

    private readonly Dictionary<uint, string> _known = [];
    private long _budget = 65536L + ((long)bytes.Length * SharingLimit);

    /// <summary>The string at an offset; reports offsets outside and missing terminators.</summary>
    /// <param name="offset">sh_name or st_name.</param>
    /// <param name="index">Index of what is named, for the message.</param>
    /// <param name="kind">What is named: "Section" or "Symbol".</param>
    /// <param name="text">The name.</param>
    public bool TryGet(uint offset, int index, string kind, [NotNullWhen(true)] out string? text)
    {
        if (offset == 0 && (bytes.IsEmpty || bytes.Span[0] == 0))
        {
            text = string.Empty;
            return true;
        }

        if (_known.TryGetValue(offset, out text))
        {
            return true;
        }

        if (offset >= (uint)bytes.Length)
        {
            return Fail(ElfDiagnostics.BadIndex, $"{kind} {index} is named at 0x{offset:x} of a string table of 0x{bytes.Length:x} bytes.");
        }

        var rest = bytes.Span[(int)offset..];
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            return Fail(ElfDiagnostics.BadTable, $"{kind} {index} has a name without an end.");
        }

        _budget -= end;
        if (_budget < 0)
        {
            return Fail(
                ElfDiagnostics.BadTable,
                $"The names up to that of {kind.ToLowerInvariant()} {index} use the bytes of their string table many times over.");
        }

        // Latin-1 keeps every byte, so hostile names round-trip; kernel names are ASCII.
        text = Encoding.Latin1.GetString(rest[..end]);
        _known.Add(offset, text);
        return true;
    }

    private bool Fail(DiagnosticDescriptor descriptor, string text)
    {
        diagnostics.Add(descriptor.At(file, text));
        return false;
    }
}

using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Kallsyms;

/// <summary>
/// Decodes the kallsyms tables of a kernel image: the very list the livepatch core will search.
/// </summary>
/// <remarks>
/// Names are strings of tokens, each byte standing for one; the first character of the result is the type letter.
/// Addresses come in one of four encodings (<see cref="AddressEncoding"/>) at one of two places. All combinations are
/// tried, and one counts when the addresses ascend and the start of the kernel's code (<c>_text</c>, <c>_stext</c>)
/// lies in executable memory. That two combinations pass is taken for an error: a wrong address is worse than none.
/// </remarks>
internal static class KallsymsDecoder
{
    private const int LongestName = 1024;

    /// <summary>Finds and decodes the table.</summary>
    /// <param name="image">The unpacked kernel image.</param>
    /// <param name="diagnostics">Receives why there is none (LP0224).</param>
    /// <returns>The symbols in the kernel's order, or null when a fatal diagnostic was added.</returns>
    public static KernelSymbol[]? TryDecode(ElfObject image, DiagnosticBag diagnostics)
    {
        var why = "No kallsyms token table was found in its data";
        foreach (var (memory, address) in Runs(image))
        {
            foreach (var tables in KallsymsLocator.Find(memory, address, image.Header.Order))
            {
                if (TryDecode(image, tables, out why) is { } symbols)
                {
                    return symbols;
                }
            }
        }

        diagnostics.Add(KernelDiagnostics.KallsymsMissing.At(image.Name, why + "."));
        return null;
    }

    /// <summary>Reads the length in front of a name: one byte, or two with seven bits each when the first has its top
    /// bit set (6.1 and newer; before, lengths stayed below 128).</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        length = 0;
        if (at >= bytes.Length)
        {
            return false;
        }

        length = bytes[at++];
        if ((length & 0x80) != 0)
        {
            if (at >= bytes.Length)
            {
                return false;
            }

            length = (length & 0x7f) | (bytes[at++] << 7);
        }

        return length > 0;
    }

    /// <summary>The runs of bytes to search: .rodata, where the tables lie in all kernels known, then all that is loaded.</summary>
    private static IEnumerable<(ReadOnlyMemory<byte> Memory, ulong Address)> Runs(ElfObject image)
    {
        if (image.FindSection(".rodata") is { } rodata)
        {
            yield return (rodata.Data, rodata.Address);
        }

        foreach (var segment in image.Segments)
        {
            if (segment.Type == 1)
            {
                yield return (segment.Data, segment.Address);
            }
        }
    }

    private static KernelSymbol[]? TryDecode(ElfObject image, KallsymsTables tables, out string why)
    {
        if (TryNames(tables, out var names, out var types) is { } problem)
        {
            why = problem;
            return null;
        }

        var start = Array.IndexOf(names, "_text");
        start = start >= 0 ? start : Array.IndexOf(names, "_stext");
        if (start < 0)
        {
            why = "The kallsyms table found has neither _text nor _stext";
            return null;
        }

        var good = Candidates(tables)
            .Select(candidate => Addresses(tables, candidate.Encoding, candidate.At, candidate.Base))
            .Where(addresses => addresses is not null && IsAscending(addresses) && IsCode(image, addresses[start]))
            .ToList();
        if (good is not [{ } only])
        {
            why = good.Count == 0
                ? "A kallsyms table was found, but no known encoding of addresses beside it makes sense"
                : "A kallsyms table was found, but its addresses can be read in more than one way";
            return null;
        }

        var symbols = new KernelSymbol[names.Length];
        for (var index = 0; index < symbols.Length; index++)
        {
            symbols[index] = new KernelSymbol(names[index], only[index], types[index], 0, char.IsAsciiLetterUpper(types[index]));
        }

        why = string.Empty;
        return symbols;
    }

    /// <summary>Expands all names.</summary>
    /// <returns>Why that failed; null when it did not.</returns>
    private static string? TryNames(KallsymsTables tables, out string[] names, out char[] types)
    {
        var bytes = tables.Memory.Span;
        var tokens = ReadTokens(tables);
        names = new string[tables.Count];
        types = new char[tables.Count];
        Span<byte> name = stackalloc byte[LongestName];
        var at = tables.Names;
        for (var index = 0; index < names.Length; index++)
        {
            TryReadLength(bytes, ref at, out var length);
            var used = 0;
            foreach (var code in bytes.Slice(at, length))
            {
                var token = tokens[code];
                if (token.Length > name.Length - used)
                {
                    return $"Name {index} of the kallsyms table found is longer than any kernel's";
                }

                token.CopyTo(name[used..]);
                used += token.Length;
            }

            at += length;
            if (used < 2 || !(char.IsAsciiLetter((char)name[0]) || name[0] is (byte)'?' or (byte)'-')
                || name[1..used].IndexOfAnyExceptInRange((byte)'!', (byte)'\xff') >= 0)
            {
                return $"Name {index} of the kallsyms table found is not made of a type letter and printable characters";
            }

            types[index] = (char)name[0];
            names[index] = Encoding.Latin1.GetString(name[1..used]);
        }

        return null;
    }

    private static byte[][] ReadTokens(KallsymsTables tables)
    {
        var rest = tables.Memory.Span[tables.TokenTable..tables.TokenIndex];
        var tokens = new byte[KallsymsTables.TokenCount][];
        for (var token = 0; token < tokens.Length; token++)
        {
            var length = rest.IndexOf((byte)0);
            tokens[token] = rest[..length].ToArray();
            rest = rest[(length + 1)..];
        }

        return tokens;
    }

    /// <summary>Every place and encoding the addresses may have; Base is the offset of kallsyms_relative_base.</summary>
    private static IEnumerable<(AddressEncoding Encoding, int At, int Base)> Candidates(KallsymsTables tables)
    {
        // Up to 6.3: addresses, or offsets and base, right before the count.
        yield return (AddressEncoding.Absolute, tables.CountAt - (tables.Count * 8), 0);
        var offsets = tables.CountAt - 8 - (((tables.Count * 4) + 7) & ~7);
        yield return (AddressEncoding.BaseRelative, offsets, tables.CountAt - 8);
        yield return (AddressEncoding.BaseRelativeAbsolutePercpu, offsets, tables.CountAt - 8);

        // 6.4 and newer: behind the token index, the base behind the offsets.
        offsets = tables.Align(tables.TokenIndex + KallsymsTables.TokenIndexSize);
        var relativeBase = tables.Align(offsets + (tables.Count * 4));
        yield return (AddressEncoding.Absolute, offsets, 0);
        yield return (AddressEncoding.BaseRelative, offsets, relativeBase);
        yield return (AddressEncoding.BaseRelativeAbsolutePercpu, offsets, relativeBase);
        yield return (AddressEncoding.PlaceRelative, offsets, 0);
    }

    private static ulong[]? Addresses(KallsymsTables tables, AddressEncoding encoding, int at, int baseAt)
    {
        var bytes = tables.Memory.Span;
        var width = encoding == AddressEncoding.Absolute ? 8 : 4;
        if (at < 0 || at > bytes.Length || tables.Count > (bytes.Length - at) / width || baseAt > bytes.Length - 8)
        {
            return null;
        }

        var relativeBase = tables.Order.ReadUInt64(bytes[baseAt..]);
        var result = new ulong[tables.Count];
        for (var index = 0; index < result.Length; index++)
        {
            var place = at + (index * width);
            var offset = tables.Order.ReadInt32(bytes[place..]);
            result[index] = encoding switch
            {
                AddressEncoding.Absolute => tables.Order.ReadUInt64(bytes[place..]),
                AddressEncoding.BaseRelative => relativeBase + (uint)offset,
                AddressEncoding.BaseRelativeAbsolutePercpu => offset >= 0 ? (ulong)offset : relativeBase - 1 - (ulong)offset,
                _ => tables.Address + (ulong)place + (ulong)offset,
            };
        }

        return result;
    }

    private static bool IsAscending(ulong[] addresses)
    {
        for (var index = 1; index < addresses.Length; index++)
        {
            if (addresses[index] < addresses[index - 1])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCode(ElfObject image, ulong address) =>
        image.Sections.Count > 1
            ? image.Sections.Any(section => section.IsCode && address - section.Address < section.Size)
            : image.Segments.Any(segment => segment.Type == 1 && address == segment.Address);
}

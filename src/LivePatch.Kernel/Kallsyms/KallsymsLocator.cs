using LivePatch.Elf;

namespace LivePatch.Kernel.Kallsyms;

/// <summary>
/// Finds the kallsyms tables of a stripped kernel image by their structure.
/// </summary>
/// <remarks>
/// <para>Problem: the image has no symbols, the tables are what would name everything, and their order in .rodata
/// changed twice: offsets, base, count, names, markers, [names by order], tokens, token index (up to 6.3; the bracketed
/// table since 6.2 and in some 6.1), then count, names, markers, tokens, token index, offsets, base, [..] (6.4
/// and newer), lately without the base. Every label was aligned to 8 bytes as long as one table had entries of 8; without
/// the base it is 4.</para>
/// <para>Approach: start from what is most telling. The token table is 256 strings; all digits occur in symbol names,
/// so the tokens of the characters 0 to 9 stand for themselves and "0\0 1\0 ... 9\0" is in it. From there it is
/// counted back 48 strings and forward to the end, and the token index that must follow repeats every string's offset:
/// 512 bytes that agree leave no doubt. In every layout the count stands right before the names and both lie before the
/// tokens, so each aligned word in front that could be a count is tried, under both alignments: exactly so many names must
/// follow, and behind them markers that repeat the offset of every 256th name. What comes in between is not looked at. Where the
/// addresses lie, before the count or behind the token index, is left to <see cref="KallsymsDecoder"/>, which
/// knows from the names whether addresses make sense.</para>
/// <para>Why not by version: distributions backport layouts (one of 6.1 did), and a custom kernel's release string
/// says nothing.</para>
/// <para>Limits: 64-bit images with at least 256 symbols, none longer than two bytes of length can tell
/// (16,383 compressed bytes; scripts/kallsyms.c refuses more).</para>
/// </remarks>
internal static class KallsymsLocator
{
    private const int MinimumCount = 256;
    private const int MaximumCount = 1 << 22;
    private const int MaximumTokenLength = 512;

    private static readonly int[] Alignments = [8, 4];

    private static readonly byte[] Digits = [.. "0123456789".SelectMany(static digit => new[] { (byte)digit, (byte)0 })];

    /// <summary>All places in a run of bytes where name tables lie; in a sound image there is one.</summary>
    public static IEnumerable<KallsymsTables> Find(ReadOnlyMemory<byte> memory, ulong address, ElfByteOrder order)
    {
        for (var at = 0; at < memory.Length; at++)
        {
            var found = memory.Span[at..].IndexOf(Digits);
            if (found < 0)
            {
                yield break;
            }

            at += found;
            foreach (var alignment in Alignments)
            {
                if (TryTokens(memory.Span, address, order, at, alignment, out var table, out var index)
                    && TryNames(memory, address, order, table, index, alignment) is { } tables)
                {
                    yield return tables;
                }
            }
        }
    }

    /// <summary>Checks for a token table around the tokens of the digits.</summary>
    private static bool TryTokens(
        ReadOnlySpan<byte> bytes, ulong address, ElfByteOrder order, int digits, int alignment, out int table, out int index)
    {
        (table, index) = (0, 0);

        // Back over the terminators of the tokens 47 to 0; where token 0 starts is told by the index below.
        var terminator = digits - 1;
        if (terminator < 0 || bytes[terminator] != 0)
        {
            return false;
        }

        for (var token = '0' - 1; token > 0; token--)
        {
            terminator = bytes[..terminator].LastIndexOf((byte)0);
            if (terminator < 0 || digits - terminator > '0' * MaximumTokenLength)
            {
                return false;
            }
        }

        var end = digits;
        for (var token = (int)'0'; token < KallsymsTables.TokenCount; token++)
        {
            var length = bytes[end..].IndexOf((byte)0);
            if (length is < 0 or > MaximumTokenLength)
            {
                return false;
            }

            end += length + 1;
        }

        index = KallsymsTables.Align(end, address, alignment);
        if (index + KallsymsTables.TokenIndexSize > bytes.Length)
        {
            return false;
        }

        table = terminator + 1 - ReadIndex(bytes, order, index, 1);
        return table >= 0 && ReadIndex(bytes, order, index, 0) == 0 && IsIndexOf(bytes, order, table, index);
    }

    private static bool IsIndexOf(ReadOnlySpan<byte> bytes, ElfByteOrder order, int table, int index)
    {
        var offset = 0;
        for (var token = 0; token < KallsymsTables.TokenCount; token++)
        {
            if (ReadIndex(bytes, order, index, token) != offset)
            {
                return false;
            }

            offset += bytes[(table + offset)..].IndexOf((byte)0) + 1;
        }

        return true;
    }

    private static ushort ReadIndex(ReadOnlySpan<byte> bytes, ElfByteOrder order, int index, int token) =>
        order.ReadUInt16(bytes[(index + (token * 2))..]);

    private static KallsymsTables? TryNames(
        ReadOnlyMemory<byte> memory, ulong address, ElfByteOrder order, int tokenTable, int tokenIndex, int alignment)
    {
        var bytes = memory.Span;
        for (var at = KallsymsTables.Align(tokenTable - (3 * alignment), address, alignment); at >= 0; at -= alignment)
        {
            // The count is an int, and what pads it up to the next label is zero.
            var names = at + alignment;
            var count = order.ReadUInt32(bytes[at..]);
            if (count is < MinimumCount or > MaximumCount || bytes[(at + sizeof(int))..names].ContainsAnyExcept((byte)0))
            {
                continue;
            }

            var tables = new KallsymsTables(memory, address, order, (int)count, at, names, 0, tokenTable, tokenIndex, alignment);
            if (TryWalk(tables) is { } end)
            {
                return tables with { NamesEnd = end };
            }
        }

        return null;
    }

    /// <summary>Walks over the names and compares the markers behind them.</summary>
    /// <returns>Where the names end; null when these are no names.</returns>
    private static int? TryWalk(KallsymsTables tables)
    {
        var bytes = tables.Memory.Span[..tables.TokenTable];
        var at = tables.Names;
        if (tables.Count > (bytes.Length - at) / 2)
        {
            return null;
        }

        var markers = new int[(tables.Count + KallsymsTables.MarkerStride - 1) / KallsymsTables.MarkerStride];
        for (var symbol = 0; symbol < tables.Count; symbol++)
        {
            if (symbol % KallsymsTables.MarkerStride == 0)
            {
                markers[symbol / KallsymsTables.MarkerStride] = at - tables.Names;
            }

            if (!KallsymsDecoder.TryReadLength(bytes, ref at, out var length) || length > bytes.Length - at)
            {
                return null;
            }

            at += length;
        }

        var end = at;
        at = tables.Align(at);
        if (markers.Length * 4 > bytes.Length - at)
        {
            return null;
        }

        foreach (var marker in markers)
        {
            if (tables.Order.ReadInt32(bytes[at..]) != marker)
            {
                return null;
            }

            at += 4;
        }

        return end;
    }
}

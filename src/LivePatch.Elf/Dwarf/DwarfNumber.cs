namespace LivePatch.Elf.Dwarf;

/// <summary>Numbers of variable length (LEB128).</summary>
internal static class DwarfNumber
{
    public static ulong Unsigned(ReadOnlySpan<byte> data, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = Next(data, ref at);
            value |= shift < 64 ? (ulong)(next & 0x7f) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    public static long Signed(ReadOnlySpan<byte> data, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = Next(data, ref at);
            value |= shift < 64 ? (long)(next & 0x7f) << shift : 0;
            if (next < 0x80)
            {
                return shift + 7 < 64 && (next & 0x40) != 0 ? value | (-1L << (shift + 7)) : value;
            }
        }
    }

    private static byte Next(ReadOnlySpan<byte> data, ref int at) =>
        at < data.Length ? data[at++] : throw new InvalidDataException("a number without end");
}

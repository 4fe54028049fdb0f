using System.Buffers.Binary;
using LivePatch.Elf.Native;

namespace LivePatch.TestSupport;

/// <summary>
/// Damaged files from a good one, the same on every run: cut at every length, every field of every header and
/// table replaced by values that trip careless code, and bytes and bits changed at random with a fixed seed.
/// </summary>
public static class ElfMutator
{
    private static readonly int[] HeaderFields = [4, 1, 1, 1, 1, 1, 7, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2];
    private static readonly int[] SectionFields = [4, 4, 8, 8, 8, 8, 4, 4, 8, 8];
    private static readonly int[] SegmentFields = [4, 4, 8, 8, 8, 8, 8, 8];
    private static readonly int[] SymbolFields = [4, 1, 1, 2, 8, 8];
    private static readonly int[] RelocationFields = [8, 4, 4, 8];

    /// <summary>The file cut at every length from nothing to one byte short.</summary>
    public static IEnumerable<byte[]> Truncations(byte[] good) =>
        Enumerable.Range(0, good.Length).Select(length => good[..length]);

    /// <summary>Each field of each header and table replaced, one at a time, by each of a list of evil values.</summary>
    public static IEnumerable<byte[]> Substitutions(byte[] good)
    {
        ulong[] evil =
        [
            0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0xff00, 0xfff1, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000,
            0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, ulong.MaxValue, ulong.MaxValue - 63,
            (ulong)good.Length, (ulong)good.Length - 1, (ulong)good.Length + 1, 0x0aaa_aaaa_aaaa_aaab,
        ];
        foreach (var (offset, width) in Fields(good))
        {
            foreach (var value in evil)
            {
                var bad = (byte[])good.Clone();
                Put(bad.AsSpan(offset, Math.Min(width, 8)), value);
                yield return bad;
            }
        }
    }

    /// <summary>A number of files with one to four random changes each (a bit, a byte, or two fields swapped), most in headers and
    /// tables.</summary>
    public static IEnumerable<byte[]> RandomChanges(byte[] good, int seed, int count)
    {
        var fields = Fields(good).ToArray();
#pragma warning disable CA5394 // Repeatable on purpose.
        var random = new Random(seed);
        for (var made = 0; made < count; made++)
        {
            var bad = (byte[])good.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var (offset, width) = fields[random.Next(fields.Length)];
                var place = random.Next(4) == 0 ? random.Next(bad.Length) : offset + random.Next(width);
                switch (random.Next(3))
                {
                    case 0:
                        bad[place] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bad[place] = (byte)random.Next(256);
                        break;
                    default:
                        var (other, otherWidth) = fields[random.Next(fields.Length)];
                        good.AsSpan(other, Math.Min(width, otherWidth)).CopyTo(bad.AsSpan(offset));
                        break;
                }
            }

            yield return bad;
        }
#pragma warning restore CA5394
    }

    /// <summary>Offset and width in bytes of each field of the file header, section and program headers, symbols, relocations, group and
    /// index words.</summary>
    public static IReadOnlyList<(int Offset, int Width)> Fields(byte[] good)
    {
        var fields = new List<(int, int)>();
        Add(fields, 0, HeaderFields);
        var segments = (int)BinaryPrimitives.ReadUInt64LittleEndian(good.AsSpan(32));
        for (var index = 0; index < BinaryPrimitives.ReadUInt16LittleEndian(good.AsSpan(56)); index++)
        {
            Add(fields, segments + (index * ElfConstants.PhdrSize), SegmentFields);
        }

        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(good.AsSpan(40));
        var count = headers == 0 ? 0 : (good.Length - headers) / ElfConstants.ShdrSize;
        for (var index = 0; index < count; index++)
        {
            var at = headers + (index * ElfConstants.ShdrSize);
            Add(fields, at, SectionFields);
            int[] entry = BinaryPrimitives.ReadUInt32LittleEndian(good.AsSpan(at + 4)) switch
            {
                ElfConstants.ShtSymtab => SymbolFields,
                ElfConstants.ShtRela => RelocationFields,
                ElfConstants.ShtGroup or ElfConstants.ShtSymtabShndx => [4],
                ElfConstants.ShtStrtab => [8],
                _ => [],
            };
            if (entry.Length == 0)
            {
                continue;
            }

            var start = (int)BinaryPrimitives.ReadUInt64LittleEndian(good.AsSpan(at + 24));
            var size = (int)BinaryPrimitives.ReadUInt64LittleEndian(good.AsSpan(at + 32));
            for (var place = 0; place + entry.Sum() <= size; place += entry.Sum())
            {
                Add(fields, start + place, entry);
            }
        }

        return fields;
    }

    private static void Add(List<(int Offset, int Width)> fields, int offset, int[] widths)
    {
        foreach (var width in widths)
        {
            fields.Add((offset, width));
            offset += width;
        }
    }

    private static void Put(Span<byte> field, ulong value)
    {
        foreach (ref var target in field)
        {
            target = (byte)value;
            value >>= 8;
        }
    }
}

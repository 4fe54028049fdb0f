using System.Text;
using LivePatch.Elf;

namespace LivePatch.Kernel.Btf;

/// <summary>
/// The sizes of structures from a kernel's own type information (section <c>.BTF</c>; Documentation/bpf/btf.rst,
/// Linux 6.1, with the kinds added up to 6.12). Nothing else of BTF is read.
/// </summary>
/// <remarks>A record is {name, info, size or type, kind's own data}; the data's length follows from the kind and the
/// count in info, so that records can be walked without understanding them. A kind that is not known ends the walk,
/// and then nothing is told: a size from half the types might be the wrong one of two.</remarks>
public sealed class BtfReader
{
    private const ushort Magic = 0xeb9f;
    private const int HeaderSize = 24;
    private const int RecordSize = 12;
    private const int KindStruct = 4;
    private const int KindUnion = 5;

    /// <summary>Bytes of own data by kind: a fixed part, and a part for each of the count; null for no kind.</summary>
    private static readonly (int Fixed, int Each)?[] KindData =
    [
        null, // 0: void has no record
        (4, 0), // 1: INT
        (0, 0), // 2: PTR
        (12, 0), // 3: ARRAY
        (0, 12), // 4: STRUCT
        (0, 12), // 5: UNION
        (0, 8), // 6: ENUM
        (0, 0), // 7: FWD
        (0, 0), // 8: TYPEDEF
        (0, 0), // 9: VOLATILE
        (0, 0), // 10: CONST
        (0, 0), // 11: RESTRICT
        (0, 0), // 12: FUNC
        (0, 8), // 13: FUNC_PROTO
        (4, 0), // 14: VAR
        (0, 12), // 15: DATASEC
        (0, 0), // 16: FLOAT
        (4, 0), // 17: DECL_TAG
        (0, 0), // 18: TYPE_TAG
        (0, 12), // 19: ENUM64
    ];

    private readonly Dictionary<string, int?> _sizes;

    private BtfReader(Dictionary<string, int?> sizes) => _sizes = sizes;

    /// <summary>Reads the <c>.BTF</c> section of a kernel; null when it has none or it is malformed.</summary>
    public static BtfReader? TryFind(ElfObject kernel) =>
        kernel.FindSection(".BTF") is { } section ? TryParse(section.Data.Span) : null;

    /// <summary>Reads the bytes of a <c>.BTF</c> section; null when they are malformed.</summary>
    public static BtfReader? TryParse(ReadOnlySpan<byte> bytes)
    {
        // The magic says in which order the bytes lie.
        if (bytes.Length < HeaderSize || bytes[2] != 1)
        {
            return null;
        }

        var order = new ElfByteOrder(ElfByteOrder.Big.ReadUInt16(bytes) == Magic);
        if (order.ReadUInt16(bytes) != Magic)
        {
            return null;
        }

        var header = order.ReadWords(bytes[4..HeaderSize]);
        if (!TrySlice(bytes, header[0], header[1], header[2], out var types)
            || !TrySlice(bytes, header[0], header[3], header[4], out var strings))
        {
            return null;
        }

        var sizes = new Dictionary<string, int?>(StringComparer.Ordinal);
        while (!types.IsEmpty)
        {
            if (types.Length < RecordSize)
            {
                return null;
            }

            var name = order.ReadUInt32(types);
            var info = order.ReadUInt32(types[4..]);
            var size = order.ReadUInt32(types[8..]);
            var (kind, count) = ((int)((info >> 24) & 0x1f), (int)(info & 0xffff));
            if (kind >= KindData.Length || KindData[kind] is not { } data)
            {
                return null;
            }

            var length = RecordSize + data.Fixed + (data.Each * count);
            if (length > types.Length || !TryName(strings, name, out var text))
            {
                return null;
            }

            if (kind is KindStruct or KindUnion && text.Length > 0 && size <= int.MaxValue)
            {
                // Two types of one name in different files: which one is meant is not to be guessed.
                var known = Encoding.Latin1.GetString(text);
                sizes[known] = sizes.TryGetValue(known, out var other) && other != (int)size ? null : (int)size;
            }

            types = types[length..];
        }

        return new BtfReader(sizes);
    }

    /// <summary>Size in bytes of a structure or union; null when the kernel's types do not have it, or have several
    /// of that name with different sizes.</summary>
    public int? SizeOfStruct(string name) => _sizes.GetValueOrDefault(name);

    private static bool TrySlice(ReadOnlySpan<byte> bytes, uint headerSize, uint offset, uint length, out ReadOnlySpan<byte> slice)
    {
        slice = default;
        var start = (ulong)headerSize + offset;
        if (start > (ulong)bytes.Length || length > (ulong)bytes.Length - start)
        {
            return false;
        }

        slice = bytes.Slice((int)start, (int)length);
        return true;
    }

    private static bool TryName(ReadOnlySpan<byte> strings, uint offset, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (offset == 0)
        {
            return true;
        }

        if (offset >= (uint)strings.Length)
        {
            return false;
        }

        var rest = strings[(int)offset..];
        var end = rest.IndexOf((byte)0);
        name = end < 0 ? default : rest[..end];
        return end >= 0;
    }
}

using System.Text;
using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>
/// Reads the entries of .debug_info that describe types, variables and functions (DWARF 2 to 5, 32-bit format, as gcc and clang write
/// it for kernels). Everything else is walked over: each form says how long its value is. A form that is not known ends the reading.
/// </summary>
/// <remarks>All methods throw <see cref="InvalidDataException"/> or <see cref="ArgumentException"/> on malformed data;
/// <see cref="DwarfObject"/> is the way in and catches them.</remarks>
internal sealed class DwarfReader
{
    /// <summary>Marks <see cref="DwarfEntry.Ranges"/> as an index, as DW_FORM_rnglistx gives it.</summary>
    public const long RangeListIndex = 1L << 40;

    // What an entry has on average, and a little less.
    private const int BytesOfEntry = 20;

    private readonly DwarfSection _info;
    private readonly ReadOnlyMemory<byte> _abbreviations;
    private readonly DwarfSection _strings;
    private readonly DwarfSection _lineStrings;
    private readonly DwarfSection _stringOffsets;
    private readonly DwarfSection _addresses;
    private readonly List<DwarfEntry> _entries = [];
    private readonly Dictionary<long, int> _byOffset = [];
    private readonly Dictionary<ulong, string> _names = [];
    private readonly List<DwarfUnit> _units = [];
    private Unit _unit;
    private (ElfSection? Section, ulong Offset)? _address;
    private int _at;

    private DwarfReader(ElfObject file)
    {
        _info = DwarfSection.Find(file, ".debug_info");
        _abbreviations = DwarfSection.Find(file, ".debug_abbrev").Data;
        _strings = DwarfSection.Find(file, ".debug_str");
        _lineStrings = DwarfSection.Find(file, ".debug_line_str");
        _stringOffsets = DwarfSection.Find(file, ".debug_str_offsets");
        _addresses = DwarfSection.Find(file, ".debug_addr");
        _entries.EnsureCapacity(_info.Data.Length / BytesOfEntry);
        _byOffset.EnsureCapacity(_info.Data.Length / BytesOfEntry);
    }

    /// <summary>The entries in file order, their indices by offset, and the units they are in.</summary>
    public static (IReadOnlyList<DwarfEntry> Entries, IReadOnlyDictionary<long, int> ByOffset, IReadOnlyList<DwarfUnit> Units) Read(ElfObject file)
    {
        var reader = new DwarfReader(file);
        while (reader._at < reader._info.Data.Length)
        {
            reader.ReadUnit();
        }

        return (reader._entries, reader._byOffset, reader._units);
    }

    private readonly record struct Unit(int Start, int Version, int AddressSize, long StringOffsetsBase, long AddressBase, long RangeListsBase);

    private readonly record struct Attribute(uint Name, uint Form, long ImplicitValue);

    private sealed record Abbreviation(ushort Tag, bool HasChildren, Attribute[] Attributes)
    {
        /// <summary>True for entries that nobody asks for and that are a third of all: calls, labels, and parameters of instances, whose origins
        /// say what they are.</summary>
        public bool IsOfNoUse { get; } = Tag is TagCallSite or TagCallSiteParameter or TagGnuCallSite or TagGnuCallSiteParameter or TagLabel
            || (Tag == TagFormalParameter && !HasChildren && Array.Exists(Attributes, static attribute => attribute.Name == AttributeAbstractOrigin));
    }

    private void ReadUnit()
    {
        var start = _at;
        var length = _info.Order.ReadUInt32(Bytes(4));
        if (length >= 0xfffffff0 || length > (uint)(_info.Data.Length - _at))
        {
            throw new InvalidDataException("a unit that does not fit, or 64-bit DWARF");
        }

        var end = _at + (int)length;
        var version = _info.Order.ReadUInt16(Bytes(2));
        if (version is < 2 or > 5)
        {
            throw new InvalidDataException($"DWARF version {version}");
        }

        int addressSize;
        ulong abbreviations;
        if (version >= 5)
        {
            var kind = Bytes(1)[0];
            addressSize = Bytes(1)[0];
            abbreviations = _info.Offset(Skip(4), 4);

            // DW_UT_type has a signature and an offset more; skeleton and split units an identifier.
            Skip(kind switch { 1 or 3 => 0, 2 or 6 => 12, 4 or 5 => 8, _ => throw new InvalidDataException($"unit type {kind}") });
        }
        else
        {
            abbreviations = _info.Offset(Skip(4), 4);
            addressSize = Bytes(1)[0];
        }

        _unit = new Unit(start, version, addressSize, 8, 8, 12);
        var first = _entries.Count;
        ReadEntries(end, ReadAbbreviations(abbreviations));
        _units.Add(new DwarfUnit(first, _entries.Count, version, _unit.AddressBase, _unit.RangeListsBase));
        _at = end;
    }

    private void ReadEntries(int end, Dictionary<ulong, Abbreviation> abbreviations)
    {
        var parents = new Stack<int>();
        while (_at < end)
        {
            var offset = _at;
            var code = Unsigned();
            if (code == 0)
            {
                if (!parents.TryPop(out _) || parents.Count == 0)
                {
                    return;
                }

                continue;
            }

            if (!abbreviations.TryGetValue(code, out var abbreviation))
            {
                throw new InvalidDataException($"abbreviation {code}");
            }

            if (abbreviation.IsOfNoUse)
            {
                foreach (var attribute in abbreviation.Attributes)
                {
                    SkipValue(attribute.Form);
                }

                // What is in it belongs to what it is in.
                if (abbreviation.HasChildren)
                {
                    parents.Push(parents.TryPeek(out var outer) ? outer : -1);
                }
                else if (parents.Count == 0)
                {
                    return;
                }

                continue;
            }

            var index = _entries.Count;
            _entries.Add(ReadEntry(abbreviation, parents.TryPeek(out var parent) ? parent : -1));
            _byOffset[offset] = index;
            if (abbreviation.HasChildren)
            {
                parents.Push(index);
            }
            else if (parents.Count == 0)
            {
                return;
            }
        }
    }

    private DwarfEntry ReadEntry(Abbreviation abbreviation, int parent)
    {
        string? name = null;
        long type = -1;
        long? byteSize = null, bitSize = null, count = null, location = null, dataBit = null, oldBit = null;
        var value = 0L;
        var (isDeclaration, neverReturns) = (false, false);
        long origin = -1, ranges = -1, length = 0;
        byte encoding = 0;
        int declarationFile = -1, declarationLine = 0, callLine = 0;
        (ElfSection? Section, ulong Offset) address = default;
        foreach (var attribute in abbreviation.Attributes)
        {
            _address = null;
            var (number, text) = Value(attribute.Form, attribute.ImplicitValue, attribute.Name);
            switch (attribute.Name)
            {
                case AttributeName:
                    name = text;
                    break;
                case AttributeByteSize:
                    byteSize = number;
                    break;
                case AttributeBitSize:
                    bitSize = number;
                    break;
                case AttributeBitOffset:
                    oldBit = number;
                    break;
                case AttributeDataBitOffset:
                    dataBit = number;
                    break;
                case AttributeDataMemberLocation:
                    location = number;
                    break;
                case AttributeUpperBound:
                    count = number + 1;
                    break;
                case AttributeCount:
                    count = number;
                    break;
                case AttributeConstValue:
                    value = number ?? 0;
                    break;
                case AttributeType:
                    type = number ?? -1;
                    break;
                case AttributeDeclaration:
                    isDeclaration = true;
                    break;
                case AttributeNoReturn:
                    neverReturns = true;
                    break;
                case AttributeAbstractOrigin or AttributeSpecification:
                    origin = number ?? -1;
                    break;
                case AttributeEncoding:
                    encoding = (byte)(number ?? 0);
                    break;
                case AttributeDeclarationFile:
                    declarationFile = (int)(number ?? -1);
                    break;
                case AttributeDeclarationLine:
                    declarationLine = (int)(number ?? 0);
                    break;
                case AttributeCallLine:
                    callLine = (int)(number ?? 0);
                    break;
                case AttributeLowPc or AttributeLocation:
                    address = _address ?? address;
                    break;
                case AttributeHighPc:
                    length = number ?? (_address is { } end ? (long)(end.Offset - address.Offset) : 0);
                    break;
                case AttributeRanges:
                    ranges = number ?? -1;
                    break;
                case AttributeStrOffsetsBase:
                    _unit = _unit with { StringOffsetsBase = number ?? 8 };
                    break;
                case AttributeAddressBase:
                    _unit = _unit with { AddressBase = number ?? 8 };
                    break;
                case AttributeRangeListsBase:
                    _unit = _unit with { RangeListsBase = number ?? 12 };
                    break;
            }
        }

        // DWARF 2 and 3 count a bit field's bits from the storage unit's most significant end.
        var bit = dataBit ?? ((location ?? 0) * 8) + (oldBit is { } fromTop && bitSize is { } bits ? ((byteSize ?? 4) * 8) - fromTop - bits : 0);
        return new DwarfEntry(abbreviation.Tag, parent)
        {
            Name = name,
            Type = type,
            ByteSize = byteSize,
            BitSize = bitSize,
            BitOffset = bit,
            Count = count,
            Value = value,
            IsDeclaration = isDeclaration,
            NeverReturns = neverReturns,
            Origin = origin,
            Encoding = encoding,
            DeclarationFile = declarationFile,
            DeclarationLine = declarationLine,
            CallLine = callLine,
            Section = address.Section,
            Address = address.Offset,
            Length = (ulong)Math.Max(0, length),
            Ranges = ranges,
        };
    }

    /// <summary>Reads an attribute's value: a number (a reference as an offset in the section), or text. Blocks give neither, but for
    /// the one way DWARF 2 writes a member's offset.</summary>
    private (long? Number, string? Text) Value(uint form, long implicitValue, uint attribute)
    {
        switch (form)
        {
            case 0x01: // addr
                _address = _info.Address(Skip(_unit.AddressSize));
                return default;
            case 0x03: // block2
                return Block(_info.Order.ReadUInt16(Bytes(2)), attribute);
            case 0x04: // block4
                return Block(_info.Order.ReadUInt32(Bytes(4)), attribute);
            case 0x0a: // block1
                return Block(Bytes(1)[0], attribute);
            case 0x09 or 0x18: // block, exprloc
                return Block((long)Unsigned(), attribute);
            case 0x0b or 0x0c: // data1, flag
                return (Bytes(1)[0], null);
            case 0x05: // data2
                return (_info.Order.ReadUInt16(Bytes(2)), null);
            case 0x06: // data4
                return (_info.Order.ReadUInt32(Bytes(4)), null);
            case 0x07: // data8
                return (_info.Order.ReadInt64(Bytes(8)), null);
            case 0x1e: // data16
                Skip(16);
                return default;
            case 0x0d: // sdata
                return (Signed(), null);
            case 0x0f: // udata
                return ((long)Unsigned(), null);
            case 0x21: // implicit_const
                return (implicitValue, null);
            case 0x19: // flag_present
                return (1, null);
            case 0x11: // ref1
                return (_unit.Start + Bytes(1)[0], null);
            case 0x12: // ref2
                return (_unit.Start + _info.Order.ReadUInt16(Bytes(2)), null);
            case 0x13: // ref4
                return (_unit.Start + _info.Order.ReadUInt32(Bytes(4)), null);
            case 0x14: // ref8
                return (_unit.Start + _info.Order.ReadInt64(Bytes(8)), null);
            case 0x15: // ref_udata
                return (_unit.Start + (long)Unsigned(), null);
            case 0x10: // ref_addr: an address in DWARF 2
                return ((long)_info.Offset(Skip(_unit.Version == 2 ? 8 : 4), _unit.Version == 2 ? 8 : 4), null);
            case 0x16: // indirect
                return Value((uint)Unsigned(), 0, attribute);
            case 0x17: // sec_offset
                return ((long)_info.Offset(Skip(4), 4), null);
            case 0x1c or 0x1d or 0x1f20 or 0x1f21: // ref_sup4, strp_sup and GNU's own: in another file
                Skip(4);
                return default;
            case 0x20 or 0x24: // ref_sig8, ref_sup8
                Skip(8);
                return default;
            case 0x1b: // addrx
                _address = IndexedAddress(Unsigned());
                return default;
            case 0x23: // rnglistx: an index into the offsets at the base
                return ((long)Unsigned() | RangeListIndex, null);
            case 0x22 or 0x1f01: // loclistx, GNU_addr_index
                Unsigned();
                return default;
            case 0x29 or 0x2a or 0x2b or 0x2c: // addrx1 to addrx4
                _address = IndexedAddress(_info.Order.ReadNumber(Bytes((int)form - 0x28)));
                return default;
            default:
                return (null, Text(form, attribute == AttributeName));
        }
    }

    /// <summary>Goes over a value that nobody asks for.</summary>
    private void SkipValue(uint form)
    {
        switch (form)
        {
            case 0x01: // addr
                Skip(_unit.AddressSize);
                break;
            case 0x0b or 0x0c or 0x11 or 0x25 or 0x29: // data1, flag, ref1, strx1, addrx1
                Skip(1);
                break;
            case 0x05 or 0x12: // data2, ref2
                Skip(2);
                break;
            case 0x06 or 0x0e or 0x13 or 0x17 or 0x1f: // data4, strp, ref4, sec_offset, line_strp
                Skip(4);
                break;
            case 0x09 or 0x18: // block, exprloc
                Skip(checked((int)Unsigned()));
                break;
            case 0x19 or 0x21: // flag_present, implicit_const
                break;
            default:
                Value(form, 0, 0);
                break;
        }
    }

    private string? Text(uint form, bool wanted)
    {
        switch (form)
        {
            case 0x08: // string
                var length = _info.Data.Span[_at..].IndexOf((byte)0);
                var text = Encoding.Latin1.GetString(Bytes(length < 0 ? throw new InvalidDataException("a string without end") : length));
                Skip(1);
                return text;
            case 0x0e: // strp
                return Named(_strings, _info.Offset(Skip(4), 4), wanted);
            case 0x1f: // line_strp
                return Named(_lineStrings, _info.Offset(Skip(4), 4), wanted);
            case 0x1a or 0x1f02: // strx
                return Indexed((long)Unsigned(), wanted);
            case 0x25: // strx1
                return Indexed(Bytes(1)[0], wanted);
            case 0x26: // strx2
                return Indexed(_info.Order.ReadUInt16(Bytes(2)), wanted);
            case 0x27: // strx3
                return Indexed((long)_info.Order.ReadNumber(Bytes(3)), wanted);
            case 0x28: // strx4
                return Indexed(_info.Order.ReadUInt32(Bytes(4)), wanted);
            default:
                throw new InvalidDataException($"DWARF form 0x{form:x}");
        }
    }

    private string? Indexed(long index, bool wanted) =>
        wanted ? Named(_strings, _stringOffsets.Offset(checked((int)(_unit.StringOffsetsBase + (index * 4))), 4), wanted) : null;

    private string? Named(DwarfSection section, ulong offset, bool wanted)
    {
        if (!wanted)
        {
            return null;
        }

        if (section == _strings && _names.TryGetValue(offset, out var known))
        {
            return known;
        }

        var rest = section.Data.Span[checked((int)offset)..];
        var end = rest.IndexOf((byte)0);
        var text = Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
        if (section == _strings)
        {
            _names[offset] = text;
        }

        return text;
    }

    private (ElfSection? Section, ulong Offset) IndexedAddress(ulong index) =>
        _addresses.Address(checked((int)(_unit.AddressBase + ((long)index * 8))));

    private (long? Number, string? Text) Block(long length, uint attribute)
    {
        var start = _at;
        var bytes = Bytes(checked((int)length));
        if (attribute == AttributeLocation && bytes.Length > 1)
        {
            // A place in memory and nothing else: DW_OP_addr, or DW_OP_addrx with an index.
            var next = 1;
            _address = bytes[0] switch
            {
                0x03 when bytes.Length == 9 => _info.Address(start + 1),
                0xa1 when DwarfNumber.Unsigned(bytes, ref next) is var index && next == bytes.Length => IndexedAddress(index),
                _ => null,
            };
            return default;
        }

        // DW_OP_plus_uconst N.
        if (attribute != AttributeDataMemberLocation || bytes.Length < 2 || bytes[0] != 0x23)
        {
            return default;
        }

        var value = 0L;
        for (var index = 1; index < bytes.Length; index++)
        {
            value |= (long)(bytes[index] & 0x7f) << (7 * (index - 1));
        }

        return (value, null);
    }

    private Dictionary<ulong, Abbreviation> ReadAbbreviations(ulong offset)
    {
        var result = new Dictionary<ulong, Abbreviation>();
        var data = _abbreviations.Span;
        var at = checked((int)offset);
        while (true)
        {
            var code = DwarfNumber.Unsigned(data, ref at);
            if (code == 0)
            {
                return result;
            }

            var tag = (ushort)DwarfNumber.Unsigned(data, ref at);
            var hasChildren = data[at++] != 0;
            var attributes = new List<Attribute>();
            while (true)
            {
                var name = (uint)DwarfNumber.Unsigned(data, ref at);
                var form = (uint)DwarfNumber.Unsigned(data, ref at);
                var value = form == 0x21 ? DwarfNumber.Signed(data, ref at) : 0;
                if (name == 0 && form == 0)
                {
                    break;
                }

                attributes.Add(new Attribute(name, form, value));
            }

            result[code] = new Abbreviation(tag, hasChildren, [.. attributes]);
        }
    }

    private ulong Unsigned() => DwarfNumber.Unsigned(_info.Data.Span, ref _at);

    private long Signed() => DwarfNumber.Signed(_info.Data.Span, ref _at);

    private ReadOnlySpan<byte> Bytes(int count)
    {
        var bytes = _info.Data.Span.Slice(_at, count);
        _at += count;
        return bytes;
    }

    /// <summary>Goes over bytes and gives where they began.</summary>
    private int Skip(int count)
    {
        var at = _at;
        _ = Bytes(count);
        return at;
    }
}

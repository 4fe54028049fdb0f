using System.Text;
using LivePatch.Kernel.Tests.Images;

namespace LivePatch.Kernel.Tests.Kallsyms;

/// <summary>How a synthetic table is laid out.</summary>
public enum KallsymsLayout
{
    /// <summary>Up to 6.1: offsets, base, count, names, markers, tokens.</summary>
    OffsetsFirst,

    /// <summary>6.2, 6.3 and Debian's 6.1.192: the sequence by name before the tokens.</summary>
    OffsetsFirstWithSequence,

    /// <summary>6.4 and newer: count, names, markers, tokens, offsets, base, sequence.</summary>
    OffsetsLast,

    /// <summary>2026: offsets from the entry itself, no base.</summary>
    PlaceRelative,

    /// <summary>The same with labels at multiples of 4 (7.2).</summary>
    PlaceRelativeAlignedTo4,

    /// <summary>Without CONFIG_KALLSYMS_BASE_RELATIVE: addresses, count, names, markers, tokens.</summary>
    Addresses,
}

/// <summary>Writes kallsyms tables the way scripts/kallsyms.c lays them out, for known symbols.</summary>
internal sealed class KallsymsBlob
{
    private readonly List<byte> _bytes = [];
    private readonly IReadOnlyList<(ulong Address, char Type, string Name)> _symbols;
    private readonly ulong _base;
    private readonly int _alignment;

    private KallsymsBlob(IReadOnlyList<(ulong Address, char Type, string Name)> symbols, ulong relativeBase, int alignment)
    {
        _symbols = symbols;
        _base = relativeBase;
        _alignment = alignment;
    }

    /// <summary>Symbols enough for two markers, with long names, names of all digits and the start of the text.</summary>
    public static List<(ulong Address, char Type, string Name)> Symbols(bool percpu)
    {
        var result = new List<(ulong Address, char Type, string Name)>();
        if (percpu)
        {
            result.Add((0, 'A', "fixed_percpu_data"));
            result.Add((0x1000, 'A', "cpu_info"));
        }

        result.Add((SyntheticKernel.TextAddress, 'T', "_stext"));
        result.Add((SyntheticKernel.TextAddress, 'T', "_text"));
        for (var index = 0; index < 600; index++)
        {
            result.Add((SyntheticKernel.TextAddress + (ulong)(16 * (index + 1)), index % 3 == 0 ? 'T' : 't', $"function_{index % 590:d3}"));
        }

        result.Add(
            (
                SyntheticKernel.TextAddress + 0x8000,
                't',
                "rust_" + new string('x', 130) + string.Concat(Enumerable.Range(0, 200).Select(static i => (char)('a' + (i % 23))))));
        result.Add((SyntheticKernel.RodataAddress, 'r', "__start_rodata"));
        result.Add((SyntheticKernel.RodataAddress + 0x100000, 'B', "_end"));
        return result;
    }

    /// <summary>The bytes of .rodata with the tables somewhere in them, and a banner.</summary>
    public static byte[] Rodata(
        IReadOnlyList<(ulong Address, char Type, string Name)> symbols, KallsymsLayout layout, bool absolutePercpu, int shift = 0)
    {
        var start = symbols.First(static symbol => symbol.Address >= SyntheticKernel.TextAddress).Address;
        var blob = new KallsymsBlob(symbols, start, layout == KallsymsLayout.PlaceRelativeAlignedTo4 ? 4 : 8);
        blob._bytes.AddRange(SyntheticKernel.BannerOnly);
        blob._bytes.AddRange(new byte[shift]);

        // Chance hits: words that could be counts, and the digits outside of any token table.
        blob.Label();
        blob._bytes.AddRange(Enumerable.Repeat<byte[]>([0, 2, 0, 0, 0, 0, 0, 0], 40).SelectMany(static word => word));
        blob._bytes.AddRange("0\01\02\03\04\05\06\07\08\09\0"u8);
        var isFirst = layout is KallsymsLayout.OffsetsFirst or KallsymsLayout.OffsetsFirstWithSequence;
        if (isFirst)
        {
            blob.Offsets(absolutePercpu);
            blob.RelativeBase();
        }

        if (layout == KallsymsLayout.Addresses)
        {
            blob.Label();
            foreach (var symbol in symbols)
            {
                blob._bytes.AddRange(BitConverter.GetBytes(symbol.Address));
            }
        }

        blob.Label();
        blob._bytes.AddRange(BitConverter.GetBytes(symbols.Count));
        var tokens = Tokens();
        blob.NamesAndMarkers(tokens);
        if (layout == KallsymsLayout.OffsetsFirstWithSequence)
        {
            blob.Sequence();
        }

        blob.TokenTable(tokens);
        if (layout == KallsymsLayout.OffsetsLast)
        {
            blob.Offsets(absolutePercpu);
            blob.RelativeBase();
            blob.Sequence();
        }
        else if (layout is KallsymsLayout.PlaceRelative or KallsymsLayout.PlaceRelativeAlignedTo4)
        {
            blob.PlaceRelativeOffsets();
            blob.Sequence();
        }

        blob.Label();
        blob._bytes.AddRange("more read-only data"u8);
        return [.. blob._bytes];
    }

    /// <summary>Every character for itself, and some frequent strings for codes that no name holds.</summary>
    private static string[] Tokens()
    {
        var tokens = new string[256];
        for (var code = 0; code < tokens.Length; code++)
        {
            var character = (char)code;
            tokens[code] = char.IsAsciiLetterOrDigit(character) || character is '_' or '.' ? character.ToString() : $"q{code}";
        }

        tokens[0] = "tfunction_";
        tokens[1] = "Tfunction_";
        tokens[0xfe] = "xxxx";
        tokens[0xff] = "function_";
        return tokens;
    }

    private static byte[] Compress(string text, string[] tokens)
    {
        var result = new List<byte>();
        var codes = new (byte Code, string Token)[] { (0, tokens[0]), (1, tokens[1]), (0xff, tokens[0xff]) };
        while (text.Length > 0)
        {
            var code = (byte)text[0];
            var length = 1;
            foreach (var (candidate, token) in codes)
            {
                if (text.StartsWith(token, StringComparison.Ordinal))
                {
                    (code, length) = (candidate, token.Length);
                    break;
                }
            }

            result.Add(code);
            text = text[length..];
        }

        return [.. result];
    }

    private void Label()
    {
        while (_bytes.Count % _alignment != 0)
        {
            _bytes.Add(0);
        }
    }

    private void Offsets(bool absolutePercpu)
    {
        Label();
        foreach (var (address, _, _) in _symbols)
        {
            var offset = !absolutePercpu ? (uint)(address - _base)
                : address < SyntheticKernel.TextAddress ? (uint)address
                : (uint)(int)(long)(_base - address - 1);
            _bytes.AddRange(BitConverter.GetBytes(offset));
        }
    }

    private void PlaceRelativeOffsets()
    {
        Label();
        foreach (var (address, _, _) in _symbols)
        {
            var place = SyntheticKernel.RodataAddress + (ulong)_bytes.Count;
            _bytes.AddRange(BitConverter.GetBytes((int)(long)(address - place)));
        }
    }

    private void RelativeBase()
    {
        Label();
        _bytes.AddRange(BitConverter.GetBytes(_base));
    }

    private void NamesAndMarkers(string[] tokens)
    {
        Label();
        var start = _bytes.Count;
        var markers = new List<int>();
        for (var index = 0; index < _symbols.Count; index++)
        {
            if (index % 256 == 0)
            {
                markers.Add(_bytes.Count - start);
            }

            var packed = Compress(_symbols[index].Type + _symbols[index].Name, tokens);
            if (packed.Length > 0x7f)
            {
                _bytes.Add((byte)(0x80 | (packed.Length & 0x7f)));
                _bytes.Add((byte)(packed.Length >> 7));
            }
            else
            {
                _bytes.Add((byte)packed.Length);
            }

            _bytes.AddRange(packed);
        }

        Label();
        foreach (var marker in markers)
        {
            _bytes.AddRange(BitConverter.GetBytes(marker));
        }
    }

    private void Sequence()
    {
        Label();
        var order = Enumerable.Range(0, _symbols.Count).OrderBy(index => _symbols[index].Name, StringComparer.Ordinal);
        foreach (var index in order)
        {
            _bytes.AddRange([(byte)(index >> 16), (byte)(index >> 8), (byte)index]);
        }
    }

    private void TokenTable(string[] tokens)
    {
        Label();
        var index = new List<byte>();
        var offset = 0;
        foreach (var token in tokens)
        {
            index.AddRange(BitConverter.GetBytes((ushort)offset));
            _bytes.AddRange(Encoding.ASCII.GetBytes(token + "\0"));
            offset += token.Length + 1;
        }

        Label();
        _bytes.AddRange(index);
    }
}

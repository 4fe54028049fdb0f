using System.Globalization;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Symbols;

/// <summary>
/// Reads the texts people have at hand instead of the object: <c>nm</c> (also <c>System.map</c> and
/// <c>/proc/kallsyms</c>) and <c>readelf -sW</c>. Which one it is, is told by the first line that is either.
/// </summary>
/// <remarks>
/// Limits: nm sorts by name unless run with <c>-p</c> or <c>-n</c>, so of a module's nm listing the kernel's order is
/// unknown. readelf numbers the entries, so its order is the table's; it names sections by number only, so of a
/// module it is unknown which symbols lie in init sections.
/// </remarks>
internal sealed class SymbolTextReader(string source, DiagnosticBag diagnostics)
{
    private const int ShownLength = 60;

    private readonly List<KernelSymbol> _symbols = [];
    private string? _file;
    private bool _isLinked;
    private bool _isReadelf;
    private bool _isAllZero = true;

    public KernelSymbolTable? Read(TextReader text)
    {
        var number = 0;
        var known = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            var fields = line.AsSpan().Trim();
            if (fields.IsEmpty)
            {
                continue;
            }

            if (TryReadelfLine(line) || TryNmLine(line))
            {
                known++;
            }
            else if (!IsHeading(fields))
            {
                diagnostics.Add(KernelDiagnostics.BadSymbolText.At(
                    DiagnosticLocation.AtLine(source, number),
                    $"The line is neither of 'nm' nor of 'readelf -sW': "
                        + $"{(line.Length > ShownLength ? line[..ShownLength] + "..." : line)}"));
                return null;
            }
        }

        if (known == 0)
        {
            diagnostics.Add(KernelDiagnostics.BadSymbolText.At(source, "The text holds no symbol."));
            return null;
        }

        if (_isAllZero && _symbols.Count > 1)
        {
            diagnostics.Add(KernelDiagnostics.BadSymbolText.At(
                source,
                "Every address is 0: /proc/kallsyms hides addresses from users.",
                "Give the kernel image (--image /boot/vmlinuz-RELEASE) or a vmlinux; neither needs root."));
            return null;
        }

        return _isLinked
            ? KernelSymbolTable.FromLinkedText(source, _symbols)
            : KernelSymbolTable.FromModuleText(source, _symbols, isOrderKnown: _isReadelf);
    }

    private static bool IsHeading(ReadOnlySpan<char> line) =>
        line.StartsWith("Symbol table '", StringComparison.Ordinal)
        || line.StartsWith("Num:", StringComparison.Ordinal)
        || line.StartsWith("File: ", StringComparison.Ordinal)
        || line.EndsWith(":", StringComparison.Ordinal);

    /// <summary><c>NUM: VALUE SIZE TYPE BIND VIS NDX NAME</c>; a size is decimal, or hexadecimal with 0x.</summary>
    private bool TryReadelfLine(string line)
    {
        var fields = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length < 7
            || !fields[0].EndsWith(':')
            || !uint.TryParse(fields[0].AsSpan(0, fields[0].Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !ulong.TryParse(fields[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || !TrySize(fields[2], out var size))
        {
            return false;
        }

        _isReadelf = true;
        var (type, binding, section) = (fields[3], fields[4], fields[6]);
        var name = fields.Length > 7 ? fields[7] : string.Empty;
        if (type == "FILE")
        {
            _file = name.Length == 0 ? null : name;
        }
        else if (type != "SECTION" && section != "UND" && name.Length > 0)
        {
            var isGlobal = binding is "GLOBAL" or "WEAK" or "UNIQUE";
            Add(new KernelSymbol(name, value, ReadelfLetter(type, binding, section), size, isGlobal)
            {
                FileName = isGlobal ? null : _file,
                Section = section,
                Lifetime = section == "ABS" ? SymbolLifetime.WhileLoading : SymbolLifetime.Resident,
            });
        }

        return true;
    }

    /// <summary><c>VALUE LETTER NAME</c>, or <c>LETTER NAME</c> for an undefined symbol.</summary>
    private bool TryNmLine(string line)
    {
        if (_isReadelf)
        {
            return false;
        }

        var fields = line.Split([' ', '\t'], 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields is [{ Length: 1 }, _])
        {
            return fields[0] is "U" or "w" or "v";
        }

        if (fields.Length < 3
            || fields[1].Length != 1
            || !char.IsAsciiLetter(fields[1][0]) && fields[1][0] is not ('?' or '-')
            || !ulong.TryParse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        // /proc/kallsyms goes on with the symbols of loaded modules, each with "[module]" behind it.
        if (fields.Length == 3)
        {
            var letter = fields[1][0];
            Add(new KernelSymbol(fields[2], value, letter, 0, char.IsAsciiLetterUpper(letter)));
        }

        return true;
    }

    private void Add(in KernelSymbol symbol)
    {
        _symbols.Add(symbol);
        _isAllZero &= symbol.Address == 0;

        // Any address in the upper half is the kernel's: offsets in a module's sections are small on every machine.
        _isLinked |= (symbol.Address >> 63) != 0;
    }

    private static bool TrySize(string text, out ulong size) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);

    private static char ReadelfLetter(string type, string binding, string section)
    {
        if (binding == "WEAK")
        {
            return type == "OBJECT" ? 'V' : 'W';
        }

        var letter = (type, section) switch
        {
            (_, "ABS") => 'a',
            (_, "COM") => 'c',
            ("FUNC", _) => 't',
            ("OBJECT", _) => 'd',
            _ => '?',
        };
        return binding == "LOCAL" ? letter : char.ToUpperInvariant(letter);
    }
}

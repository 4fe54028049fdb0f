using System.Globalization;
using System.Text;
using LivePatch.Elf.Native;

namespace LivePatch.Elf.Text;

/// <summary>
/// An object as text, for golden files and for people. Unlike readelf it never prints a file offset, a string
/// table offset or an index: sections and symbols are called by their names, so that the text only changes when
/// the object's meaning does. The tables every object has to name things (<c>.symtab</c>, string tables) are left out.
/// </summary>
public static class ElfDump
{
    /// <summary>Writes the chosen parts, in file order, with <c>\n</c> line ends.</summary>
    /// <param name="source">The object.</param>
    /// <param name="parts">What to write of it.</param>
    /// <param name="relocationName">The machine's name of a relocation type; null, or for types it gives none for, numbers are written.</param>
    public static string Write(ElfObject source, ElfDumpParts parts = ElfDumpParts.Tables, Func<uint, string?>? relocationName = null)
    {
        var text = new StringBuilder();
        if (parts.HasFlag(ElfDumpParts.Sections))
        {
            Line(text, $"type {source.Header.Type} machine {source.Header.Machine} flags 0x{source.Header.Flags:x}");
            text.Append("sections\n");
            foreach (var section in source.Sections.Skip(1).Where(section => !IsBookkeeping(source, section)))
            {
                WriteSection(text, source, section);
            }
        }

        if (parts.HasFlag(ElfDumpParts.Symbols))
        {
            text.Append("symbols\n");
            foreach (var symbol in source.Symbols.Skip(1))
            {
                Line(text, $"  0x{symbol.Value:x8} {symbol.Size,6} {TypeName(symbol.Type),-7} {BindingName(symbol.Binding),-6} other {symbol.Other:x2} {Place(symbol)} {Escape(symbol.DisplayName)}");
            }
        }

        if (parts.HasFlag(ElfDumpParts.Relocations))
        {
            foreach (var section in source.Sections.Where(static section => section.IsRela))
            {
                Line(text, $"relocations {Escape(section.Name)} of {Escape(section.Target?.Name ?? "nothing")}");
                foreach (var entry in section.Entries)
                {
                    var type = relocationName?.Invoke(entry.Type) ?? entry.Type.ToString(CultureInfo.InvariantCulture);
                    Line(text, $"  0x{entry.Offset:x6} {type,-8} {Escape(entry.Symbol.DisplayName)}{Addend(entry.Addend)}");
                }
            }
        }

        if (parts.HasFlag(ElfDumpParts.Content))
        {
            foreach (var section in source.Sections.Where(static section => section.IsAllocated && !section.IsRela))
            {
                WriteContent(text, section);
            }
        }

        return text.ToString();
    }

    private static bool IsBookkeeping(ElfObject source, ElfSection section) =>
        section == source.SymbolTable || section == source.NameTable
        || section.Type is ElfConstants.ShtSymtabShndx
        || (section.Type == ElfConstants.ShtStrtab && !section.IsAllocated);

    private static void WriteSection(StringBuilder text, ElfObject source, ElfSection section)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {Escape(section.Name)} {SectionTypeName(section.Type)} [{Flags(section.Flags)}] size 0x{section.Size:x} align {section.Alignment} entsize {section.EntrySize}");
        if (section.Address != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" address 0x{section.Address:x}");
        }

        if (section.Target is { } target)
        {
            text.Append(CultureInfo.InvariantCulture, $" of {Escape(target.Name)}");
        }
        else if (section.Type == ElfConstants.ShtGroup)
        {
            text.Append(CultureInfo.InvariantCulture, $" members {string.Join(',', section.GroupMembers.Select(static member => Escape(member.Name)))}");
        }
        else if (section.Link != 0 && section.Link < (uint)source.Sections.Count && !IsBookkeeping(source, source.Sections[(int)section.Link]))
        {
            text.Append(CultureInfo.InvariantCulture, $" link {Escape(source.Sections[(int)section.Link].Name)}");
        }

        text.Append('\n');
    }

    private static void WriteContent(StringBuilder text, ElfSection section)
    {
        Line(text, $"content {Escape(section.Name)}");
        var bytes = section.Data.Span;
        for (var start = 0; start < bytes.Length; start += 16)
        {
            Line(text, $"  0x{start:x6} {Convert.ToHexStringLower(bytes[start..Math.Min(start + 16, bytes.Length)])}");
        }
    }

    private static string Place(ElfSymbol symbol) => symbol.RawSectionIndex switch
    {
        _ when symbol.Section is not null => Escape(symbol.Section.Name),
        ElfConstants.ShnUndef => "UNDEF",
        ElfConstants.ShnAbs => "ABS",
        ElfConstants.ShnCommon => "COMMON",
        ElfConstants.ShnLivepatch => "LIVEPATCH",
        var other => $"RESERVED[{other:x4}]",
    };

    private static string Addend(long addend) => addend switch
    {
        0 => string.Empty,
        < 0 => string.Create(CultureInfo.InvariantCulture, $"-0x{(ulong)-addend:x}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"+0x{addend:x}"),
    };

    private static string SectionTypeName(uint type) => type switch
    {
        ElfConstants.ShtNull => "NULL",
        ElfConstants.ShtProgbits => "PROGBITS",
        ElfConstants.ShtSymtab => "SYMTAB",
        ElfConstants.ShtStrtab => "STRTAB",
        ElfConstants.ShtRela => "RELA",
        ElfConstants.ShtNote => "NOTE",
        ElfConstants.ShtNobits => "NOBITS",
        ElfConstants.ShtRel => "REL",
        ElfConstants.ShtGroup => "GROUP",
        ElfConstants.ShtSymtabShndx => "SYMTAB_SHNDX",
        _ => $"TYPE[{type:x}]",
    };

    private static string TypeName(ElfSymbolType type) => type switch
    {
        ElfSymbolType.None => "NOTYPE",
        ElfSymbolType.Object => "OBJECT",
        ElfSymbolType.Function => "FUNC",
        ElfSymbolType.Section => "SECTION",
        ElfSymbolType.File => "FILE",
        ElfSymbolType.Common => "COMMON",
        ElfSymbolType.ThreadLocal => "TLS",
        _ => $"TYPE[{(byte)type}]",
    };

    private static string BindingName(ElfSymbolBinding binding) => binding switch
    {
        ElfSymbolBinding.Local => "LOCAL",
        ElfSymbolBinding.Global => "GLOBAL",
        ElfSymbolBinding.Weak => "WEAK",
        _ => $"BIND[{(byte)binding}]",
    };

    /// <summary>readelf's letters, and P for SHF_RELA_LIVEPATCH.</summary>
    private static string Flags(ulong flags)
    {
        ReadOnlySpan<(ulong Bit, char Letter)> letters =
        [
            (ElfConstants.ShfWrite, 'W'), (ElfConstants.ShfAlloc, 'A'), (ElfConstants.ShfExecinstr, 'X'),
            (ElfConstants.ShfMerge, 'M'), (ElfConstants.ShfStrings, 'S'), (ElfConstants.ShfInfoLink, 'I'),
            (ElfConstants.ShfLinkOrder, 'L'), (ElfConstants.ShfGroup, 'G'), (ElfConstants.ShfCompressed, 'C'),
            (ElfConstants.ShfRelaLivepatch, 'P'),
        ];
        var text = new StringBuilder();
        foreach (var (bit, letter) in letters)
        {
            if ((flags & bit) != 0)
            {
                text.Append(letter);
                flags &= ~bit;
            }
        }

        return flags == 0 ? text.ToString() : string.Create(CultureInfo.InvariantCulture, $"{text}+{flags:x}");
    }

    /// <summary>Names come from files: what would break the line or the terminal is shown as a number.</summary>
    private static string Escape(string name)
    {
        if (name.Length == 0)
        {
            return "-";
        }

        return name.All(static c => c is > ' ' and < '\x7f')
            ? name
            : string.Concat(name.Select(static c => c is > ' ' and < '\x7f' ? c.ToString() : $"\\x{(int)c:x2}"));
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

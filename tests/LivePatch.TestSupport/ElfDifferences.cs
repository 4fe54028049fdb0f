using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.TestSupport;

/// <summary>
/// What differs between an object and its rewritten form. The tables every object has to name things may be
/// elsewhere and hold their strings in another order; everything else must be the same, byte for byte.
/// </summary>
public static class ElfDifferences
{
    /// <summary>One line per difference; empty when the objects are the same.</summary>
    public static IReadOnlyList<string> Find(ElfObject left, ElfObject right)
    {
        var differences = new List<string>();
        Compare(differences, "header", left.Header with { ProgramHeaderCount = 0 }, right.Header with { ProgramHeaderCount = 0 });
        var leftSections = Sections(left);
        var rightSections = Sections(right);
        Compare(differences, "section count", leftSections.Count, rightSections.Count);
        foreach (var (one, other) in leftSections.Zip(rightSections))
        {
            CompareSections(differences, left, one, right, other);
        }

        Compare(differences, "symbol count", left.Symbols.Count, right.Symbols.Count);
        foreach (var (one, other) in left.Symbols.Zip(right.Symbols))
        {
            Compare(
                differences,
                $"symbol {one.Index} {one.DisplayName}",
                (one.Name, one.Value, one.Size, one.Info, one.Other, Ordinal(leftSections, one.Section), Reserved(one)),
                (other.Name, other.Value, other.Size, other.Info, other.Other, Ordinal(rightSections, other.Section), Reserved(other)));
        }

        return differences;
    }

    private static void CompareSections(List<string> differences, ElfObject left, ElfSection one, ElfObject right, ElfSection other)
    {
        var what = $"section {one.Index} {one.Name}";
        Compare(
            differences,
            what,
            (one.Name, one.Type, one.Flags, one.Address, one.Size, one.Alignment, one.EntrySize),
            (other.Name, other.Type, other.Flags, other.Address, other.Size, other.Alignment, other.EntrySize));
        Compare(differences, $"{what} link", LinkName(left, one), LinkName(right, other));
        Compare(differences, $"{what} target", one.Target?.Name, other.Target?.Name);
        if (one.Type == ElfConstants.ShtGroup)
        {
            Compare(differences, $"{what} flags", Convert.ToHexString(one.Data.Span[..4]), Convert.ToHexString(other.Data.Span[..4]));
            Compare(differences, $"{what} members", string.Join(' ', one.GroupMembers), string.Join(' ', other.GroupMembers));
            Compare(differences, $"{what} signature", one.Info, other.Info);
        }
        else if (!one.Data.Span.SequenceEqual(other.Data.Span))
        {
            differences.Add($"{what}: content differs");
        }
    }

    private static List<ElfSection> Sections(ElfObject source)
    {
        var names = source.SymbolTable is { } table ? source.Sections[(int)table.Link] : null;
        return [.. source.Sections.Skip(1).Where(section =>
            section != source.SymbolTable && section != names
            && section.Type != ElfConstants.ShtSymtabShndx && section.Name is not ".shstrtab")];
    }

    private static int Ordinal(List<ElfSection> sections, ElfSection? section) => section is null ? -1 : Position(sections, section);

    private static int Position(List<ElfSection> sections, ElfSection section)
    {
        // Sections keep their order, so the one sought is at its index or a little before.
        for (var index = Math.Min(section.Index, sections.Count) - 1; index >= 0; index--)
        {
            if (sections[index] == section)
            {
                return index;
            }
        }

        return -2;
    }

    private static ushort Reserved(ElfSymbol symbol) => symbol.Section is null ? symbol.RawSectionIndex : (ushort)0;

    private static string LinkName(ElfObject source, ElfSection section) =>
        section.Link < (uint)source.Sections.Count ? source.Sections[(int)section.Link].Name : "none";

    private static void Compare<T>(List<string> differences, string what, T left, T right)
    {
        if (!EqualityComparer<T>.Default.Equals(left, right))
        {
            differences.Add($"{what}: {left} became {right}");
        }
    }
}

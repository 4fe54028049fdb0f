using System.Text.RegularExpressions;

namespace LivePatch.Elf.Dwarf;

/// <summary>Compares types by their meaning, as <see cref="DwarfVariable.Type"/> and <see cref="FieldLayout.Type"/> have it.</summary>
public static partial class DwarfMeaning
{
    /// <summary>True when a value of the one may be read as the other: numbers of one size, whatever their sign, enumerations among them,
    /// and pointers one of which does not say what it leads to.</summary>
    public static bool AreInterchangeable(string left, string right) =>
        left == right || Loosened(left) == Loosened(right)
            || (left.EndsWith('*') && right.EndsWith('*') && (left == "void*" || right == "void*"));

    private static string Loosened(string type) =>
        Numbers().Replace(type, static match => match.Groups["size"].Success ? "int" + match.Groups["size"].Value : "int32");

    [GeneratedRegex(@"\b(uint|int|bool|number)(?<size>\d+)\b|\benum \w+")]
    private static partial Regex Numbers();
}

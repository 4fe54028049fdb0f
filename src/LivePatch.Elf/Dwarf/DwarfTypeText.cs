using System.Globalization;
using System.Text;
using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>
/// Types as text, in two ways. As C writes them they are for readers. By meaning, they are for comparing: const and volatile are left out, a typedef
/// is what it stands for, and a number is its sort and its size, so that "u32" and "unsigned int" are one type, and "int" and "long" are two.
/// </summary>
internal sealed class DwarfTypeText(DwarfTree tree)
{
    private const int Deepest = 24;
    private readonly Dictionary<long, string> _meanings = [];

    /// <summary>The type by its meaning.</summary>
    public string Meaning(long type)
    {
        if (!_meanings.TryGetValue(type, out var text))
        {
            // Only damaged information has a type that is made of itself.
            _meanings[type] = "...";
            _meanings[type] = text = Compose(type);
        }

        return text;
    }

    /// <summary>The type as C writes it, with what it is the type of.</summary>
    public string Declaration(long type, string name = "") => Declaration(type, name, 0);

    /// <summary>A function's parameters, each as text, a "..." at the end when there may be more.</summary>
    public IReadOnlyList<string> Parameters(int function, Func<long, string, string> text)
    {
        var result = new List<string>();
        foreach (var child in tree.ChildrenOf(function))
        {
            var entry = tree.Entries[child];
            if (entry.Tag == TagFormalParameter)
            {
                var said = tree.Entries[tree.OriginOf(child)];
                result.Add(text(said.Type, said.Name ?? string.Empty));
            }
            else if (entry.Tag == TagUnspecifiedParameters)
            {
                result.Add("...");
            }
        }

        return result;
    }

    private string Compose(long type)
    {
        if (tree.Find(type) is not { } index)
        {
            return "void";
        }

        var entry = tree.Entries[index];
        switch (entry.Tag)
        {
            case TagBaseType:
                return Text($"{Sort(entry.Encoding)}{entry.ByteSize * 8}");
            case TagPointerType:
                return $"{Meaning(entry.Type)}*";
            case TagArrayType:
                return Meaning(entry.Type) + Dimensions(index);
            case TagSubroutineType:
                return $"{Meaning(entry.Type)}({string.Join(',', Parameters(index, (parameter, _) => Meaning(parameter)))})";
            case TagStructureType or TagUnionType or TagEnumerationType when entry.Name is not null:
                return $"{Keyword(entry.Tag)} {entry.Name}";
            case TagStructureType or TagUnionType or TagEnumerationType:
                var members = new StringBuilder(Keyword(entry.Tag)).Append('{');
                foreach (var child in tree.ChildrenOf(index))
                {
                    var member = tree.Entries[child];
                    members.Append(member.Tag == TagEnumerator ? Text($"{member.Name}={member.Value}") : $"{Meaning(member.Type)} {member.Name}").Append(';');
                }

                return members.Append('}').ToString();
            default:
                return entry.Type >= 0 ? Meaning(entry.Type) : entry.Name ?? "void";
        }
    }

    private string Declaration(long type, string name, int depth)
    {
        var spaced = name.Length == 0 ? string.Empty : " " + name;
        if (tree.Find(type) is not { } index || depth > Deepest)
        {
            return "void" + spaced;
        }

        var entry = tree.Entries[index];
        return entry.Tag switch
        {
            TagPointerType => IsWrapped(entry.Type) ? Declaration(entry.Type, $"(*{name})", depth + 1) : Declaration(entry.Type, "*" + name, depth + 1),
            TagArrayType => Declaration(entry.Type, name + Dimensions(index), depth + 1),
            TagSubroutineType => Declaration(entry.Type, $"{name}({List(Parameters(index, (parameter, _) => Declaration(parameter, string.Empty, depth + 8)))})", depth + 1),
            TagConstType => Qualified("const", entry.Type, name, depth),
            TagVolatileType => Qualified("volatile", entry.Type, name, depth),
            TagStructureType or TagUnionType or TagEnumerationType => $"{Keyword(entry.Tag)} {entry.Name ?? "{...}"}{spaced}",
            _ => entry.Name is { } given ? given + spaced : Declaration(entry.Type, name, depth + 1),
        };
    }

    private string Qualified(string word, long type, string name, int depth) =>
        tree.Find(type) is { } index && tree.Entries[index].Tag == TagPointerType
            ? Declaration(type, name.Length == 0 ? word : $"{word} {name}", depth + 1)
            : $"{word} {Declaration(type, name, depth + 1)}";

    /// <summary>The list between a function's parentheses.</summary>
    public static string List(IReadOnlyList<string> parameters) => parameters.Count == 0 ? "void" : string.Join(", ", parameters);

    private bool IsWrapped(long type) => tree.Find(type) is { } index && tree.Entries[index].Tag is TagSubroutineType or TagArrayType;

    private string Dimensions(int array) =>
        string.Concat(tree.ChildrenOf(array).Where(child => tree.Entries[child].Tag == TagSubrangeType).Select(child => Text($"[{tree.Entries[child].Count}]")));

    // DW_ATE_*: address, boolean, complex float, float, signed, signed char, unsigned, unsigned char, and UTF.
    private static string Sort(byte encoding) => encoding switch { 2 => "bool", 3 or 4 => "float", 5 => "int", 6 => "int", 7 or 8 or 16 => "uint", _ => "number" };

    private static string Keyword(ushort tag) => tag switch { TagStructureType => "struct", TagUnionType => "union", _ => "enum" };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>The layouts of an object's named structures and unions, and the values of its enumerators, from its debugging
/// information.</summary>
internal sealed class DwarfTypes
{
    private const int Deepest = 64;
    private readonly DwarfTree _tree;
    private readonly DwarfTypeText _text;
    private readonly IReadOnlyList<DwarfEntry> _entries;

    private DwarfTypes(DwarfTree tree) => (_tree, _text, _entries) = (tree, new DwarfTypeText(tree), tree.Entries);

    /// <summary>Reads them.</summary>
    public static IReadOnlyList<TypeLayout> Read(DwarfTree tree) => new DwarfTypes(tree).Layouts();

    private List<TypeLayout> Layouts()
    {
        var layouts = new List<TypeLayout>();
        for (var index = 0; index < _entries.Count; index++)
        {
            var entry = _entries[index];
            if (entry.IsDeclaration)
            {
                continue;
            }

            if (entry.Name is not null && IsType(entry.Tag))
            {
                layouts.Add(Layout($"{Keyword(entry.Tag)} {entry.Name}", index, index));
            }
            else if (
                entry is { Tag: TagTypedef, Name: { } name } && Find(entry.Type) is { } target && _entries[target] is { Name: null } unnamed
                    && IsType(unnamed.Tag))
            {
                layouts.Add(Layout(name, index, target));
            }
        }

        return layouts;
    }

    private TypeLayout Layout(string name, int named, int index)
    {
        var entry = _entries[index];
        if (entry.Tag == TagEnumerationType)
        {
            var values =
                Children(index).Select(child => new EnumeratorValue(_entries[child].Name ?? string.Empty, _entries[child].Value)).ToList();
            return new TypeLayout(name, FunctionOf(named), entry.ByteSize ?? 0, [], values);
        }

        var fields = new List<FieldLayout>();
        AddFields(index, string.Empty, 0, fields, 0);
        return new TypeLayout(name, FunctionOf(named), entry.ByteSize ?? 0, fields, []);
    }

    /// <summary>Members of unnamed structures are members of what these are in, for the language as for us.</summary>
    private void AddFields(int index, string prefix, long start, List<FieldLayout> fields, int depth)
    {
        foreach (var child in Children(index))
        {
            var member = _entries[child];
            var (type, elements) = Resolve(member.Type);
            var inner = type is { } known && _entries[known].Tag is TagStructureType or TagUnionType ? type : null;
            var name = prefix + member.Name;
            var size = member.BitSize ?? (SizeOf(member.Type, 0) * 8);
            if (member.Name is not null || inner is null)
            {
                fields.Add(new FieldLayout(name, start + member.BitOffset, size, inner is { } aggregate && _entries[aggregate].Name is { } tag ? $"{Keyword(_entries[aggregate].Tag)} {tag}" : null)
                {
                    // The fields of an unnamed structure follow by themselves.
                    Type = inner is { } whole && _entries[whole].Name is null ? string.Empty : _text.Meaning(member.Type),
                    TypeText = _text.Declaration(member.Type),
                });
            }

            if (inner is { } unnamed && _entries[unnamed].Name is null && depth < Deepest)
            {
                AddFields(
                    unnamed, member.Name is null ? prefix : name + (elements ? "[]." : "."), start + member.BitOffset, fields, depth + 1);
            }
        }
    }

    /// <summary>The type behind typedefs, qualifiers and arrays, and whether there was an array.</summary>
    private (int? Type, bool IsArray) Resolve(long reference)
    {
        var isArray = false;
        for (var depth = 0; depth < Deepest; depth++)
        {
            if (Find(reference) is not { } index)
            {
                return (null, isArray);
            }

            var entry = _entries[index];
            isArray |= entry.Tag == TagArrayType;
            if (entry.Tag is TagPointerType || IsType(entry.Tag) || entry.Type < 0)
            {
                return (index, isArray);
            }

            reference = entry.Type;
        }

        return (null, isArray);
    }

    private long SizeOf(long reference, int depth)
    {
        if (depth > Deepest || Find(reference) is not { } index)
        {
            return 0;
        }

        var entry = _entries[index];
        return entry.Tag switch
        {
            TagArrayType => SizeOf(entry.Type, depth + 1) * Children(index).Where(child => _entries[child].Tag == TagSubrangeType)
                .Aggregate(1L, (total, child) => total * (_entries[child].Count ?? 0)),
            TagPointerType => entry.ByteSize ?? 8,
            _ => entry.ByteSize ?? SizeOf(entry.Type, depth + 1),
        };
    }

    private string? FunctionOf(int index)
    {
        for (var parent = _entries[index].Parent; parent >= 0; parent = _entries[parent].Parent)
        {
            if (_entries[parent].Tag == TagSubprogram)
            {
                return _entries[parent].Name;
            }
        }

        return null;
    }

    private IEnumerable<int> Children(int index) =>
        _tree.ChildrenOf(index).Where(child => _entries[child].Tag is TagMember or TagEnumerator or TagSubrangeType);

    private int? Find(long reference) => _tree.Find(reference);

    private static bool IsType(ushort tag) => tag is TagStructureType or TagUnionType or TagEnumerationType;

    private static string Keyword(ushort tag) => tag switch { TagStructureType => "struct", TagUnionType => "union", _ => "enum" };
}

using static LivePatch.Elf.Dwarf.DwarfConstants;

namespace LivePatch.Elf.Dwarf;

/// <summary>
/// What an object's debugging information tells, each part read when it is first asked for. All of it is empty when there is none, or when it
/// cannot be read; <see cref="Problem"/> says which.
/// </summary>
public sealed class DwarfObject
{
    private readonly ElfObject _file;
    private readonly Lazy<DwarfTree?> _tree;
    private readonly Lazy<IReadOnlyList<TypeLayout>?> _types;
    private readonly Lazy<IReadOnlyList<DwarfVariable>> _variables;
    private readonly Lazy<IReadOnlyList<DwarfFunction>> _functions;
    private readonly Lazy<DwarfLines?> _lines;
    private readonly Lazy<HashSet<string>> _functionNames;
    private string? _problem;

    /// <summary>The debugging information of an object.</summary>
    public DwarfObject(ElfObject file)
    {
        _file = file;
        _tree = new(() => Guarded(() => file.FindSection(".debug_info") is null ? throw new InvalidDataException(string.Empty) : DwarfTree.Read(file)));
        _types = new(() => _tree.Value is { } tree ? Guarded(() => DwarfTypes.Read(tree)) : null);
        _variables = new(() => _tree.Value is { } tree ? Guarded(() => Variables(tree)) ?? [] : []);
        _functions = new(() => _tree.Value is { } tree ? Guarded(() => Functions(tree)) ?? [] : []);
        _functionNames = new(() => _tree.Value is { } tree
            ? [.. tree.Entries.Where(static entry => entry is { Tag: TagSubprogram, IsDeclaration: false, Name: not null }).Select(static entry => entry.Name!)]
            : []);
        _lines = new(() => _tree.Value is { } tree && file.FindSection(".debug_line") is not null ? Guarded(() => DwarfLines.Read(file, tree)) : null);
    }

    /// <summary>True when there is debugging information, readable or not.</summary>
    public bool HasInformation => _file.FindSection(".debug_info") is not null;

    /// <summary>Why there is nothing, as a sentence; null when it can be read.</summary>
    public string? Problem => _tree.Value is null || _types.Value is null ? _problem : null;

    /// <summary>The layouts of named structures and unions, and the values of enumerators; null when there is no debugging information.</summary>
    public IReadOnlyList<TypeLayout>? Types => _types.Value;

    /// <summary>The variables that lie in the object.</summary>
    public IReadOnlyList<DwarfVariable> PlacedVariables => _variables.Value;

    /// <summary>The functions that have code in the object.</summary>
    public IReadOnlyList<DwarfFunction> PlacedFunctions => _functions.Value;

    /// <summary>The functions the object was compiled from, those that were inlined everywhere included.</summary>
    public IReadOnlySet<string> FunctionNames => _functionNames.Value;

    /// <summary>Which source lines code comes from; null when that is not told.</summary>
    public DwarfLines? Lines => _lines.Value;

    /// <summary>True when both objects tell the same about types, byte for byte, so that none of them needs to be read for that.</summary>
    public bool SaysTheSameAs(DwarfObject other) =>
        Array.TrueForAll<string>([".debug_info", ".debug_abbrev", ".debug_str", ".debug_line_str", ".debug_str_offsets"], name => Same(name, other));

    private bool Same(string name, DwarfObject other) =>
        (_file.FindSection(name), other._file.FindSection(name)) is ({ } left, { } right)
            ? left.Data.Span.SequenceEqual(right.Data.Span) && left.Relocations.Select(static r => (r.Offset, r.Addend)).SequenceEqual(right.Relocations.Select(static r => (r.Offset, r.Addend)))
            : _file.FindSection(name) is null == other._file.FindSection(name) is null;

    private T? Guarded<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is InvalidDataException or ArgumentException or OverflowException or IndexOutOfRangeException or EndOfStreamException)
        {
            _problem ??= problem.Message.Length == 0 ? "The object has no debugging information." : $"Its debugging information cannot be read: {problem.Message}.";
            return null;
        }
    }

    private string Written(Func<string> text) => Guarded(text) ?? string.Empty;

    private List<DwarfVariable> Variables(DwarfTree tree)
    {
        // Only variables of functions are in blocks, and most objects have few.
        var blocks = new Lazy<Dictionary<int, List<(ElfSection, ulong, ulong)>>>(() => Blocks(tree));
        var text = new DwarfTypeText(tree);
        var result = new List<DwarfVariable>();
        for (var index = 0; index < tree.Entries.Count; index++)
        {
            if (tree.Entries[index] is not { Tag: TagVariable, Section: { } section } entry)
            {
                continue;
            }

            // A concrete instance says where it lies, its origin what it is and where it was declared.
            var origin = tree.OriginOf(index);
            var said = tree.Entries[origin];
            if (said.Name is { } name)
            {
                var function = tree.FunctionOf(origin) is { } at ? tree.Entries[at].Name : null;
                result.Add(new DwarfVariable(name, function, text.Meaning(said.Type), text.Declaration(said.Type), said.DeclarationLine, section, entry.Address)
                {
                    Block = function is not null && tree.Entries[said.Parent].Tag == TagLexicalBlock && blocks.Value.TryGetValue(said.Parent, out var pieces) ? pieces : [],
                });
            }
        }

        return result;
    }

    /// <summary>The code of blocks, by the index of the entry that declares what is in them.</summary>
    private Dictionary<int, List<(ElfSection Section, ulong Start, ulong End)>> Blocks(DwarfTree tree)
    {
        var ranges = new DwarfRanges(_file, tree);
        var result = new Dictionary<int, List<(ElfSection, ulong, ulong)>>();
        foreach (var unit in tree.Units)
        {
            for (var index = unit.First; index < unit.End; index++)
            {
                if (tree.Entries[index].Tag == TagLexicalBlock && ranges.Of(index, unit) is { Count: > 0 } pieces)
                {
                    var origin = tree.OriginOf(index);
                    if (!result.TryGetValue(origin, out var list))
                    {
                        result.Add(origin, list = []);
                    }

                    list.AddRange(pieces);
                }
            }
        }

        return result;
    }

    private List<DwarfFunction> Functions(DwarfTree tree)
    {
        var text = new DwarfTypeText(tree);
        var ranges = new DwarfRanges(_file, tree);
        var result = new List<DwarfFunction>();
        foreach (var unit in tree.Units)
        {
            // Those that are inlined everywhere too; a prototype may stand inside another function.
            var declared = new Lazy<ILookup<int, int>>(() => Enumerable.Range(unit.First, unit.End - unit.First)
                .Select(index => tree.Entries[index])
                .Where(static entry => entry is { Tag: TagSubprogram, IsDeclaration: false, Name: not null, DeclarationFile: >= 0 })
                .ToLookup(static entry => entry.DeclarationFile, static entry => entry.DeclarationLine));
            for (var index = unit.First; index < unit.End; index++)
            {
                // Of a function in several pieces the first one is its entry; a clone is declared as what it was made of.
                if (tree.Entries[index] is not { Tag: TagSubprogram, IsDeclaration: false } || ranges.Of(index, unit) is not [var (section, start, _), ..])
                {
                    continue;
                }

                var origin = tree.OriginOf(index);
                if (tree.Entries[origin] is { Name: { } name } said)
                {
                    result.Add(new DwarfFunction(name, section, start, () => Written(Meaning), () => Written(Prototype), LastLine)
                    {
                        NeverReturns = said.NeverReturns,
                        FirstLine = said.DeclarationFile >= 0 ? said.DeclarationLine : 0,
                    });

                    string Meaning() => $"{text.Meaning(said.Type)}({string.Join(',', text.Parameters(origin, (type, _) => text.Meaning(type)))})";
                    int LastLine() => declared.Value[said.DeclarationFile].Where(line => line > said.DeclarationLine)
                        .DefaultIfEmpty(int.MaxValue).Min() - 1;
                    string Prototype() => text.Declaration(said.Type, $"{name}({DwarfTypeText.List(text.Parameters(origin, text.Declaration))})");
                }
            }
        }

        return result;
    }
}

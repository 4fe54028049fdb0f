namespace LivePatch.Kernel.Special;

/// <summary>The special sections of one machine, with the entry sizes of one kernel where they are known.</summary>
public sealed class SpecialSectionCatalog
{
    private readonly Dictionary<string, SpecialSection> _sections;
    private readonly IReadOnlyDictionary<string, int> _structSizes;
    private readonly string[] _outOfLine;
    private readonly string[] _ignored;
    private readonly string[] _bootOnly;

    /// <summary>Makes a catalog.</summary>
    /// <param name="sections">The tables, in the order they are written to the output.</param>
    /// <param name="outOfLineCode">Names of sections with code that only tables or jumps refer to.</param>
    /// <param name="ignored">Names of sections the machine's kernels write but do not read from modules.</param>
    /// <param name="bootOnly">Beginnings of the names of tables that only boot code reads.</param>
    /// <param name="structSizes">Bytes by the kernel's structure name, read from the target; may lack names.</param>
    public SpecialSectionCatalog(
        IEnumerable<SpecialSection> sections,
        IEnumerable<string> outOfLineCode,
        IEnumerable<string> ignored,
        IEnumerable<string> bootOnly,
        IReadOnlyDictionary<string, int> structSizes)
    {
        Sections = [.. sections];
        _sections = Sections.ToDictionary(static section => section.Name, StringComparer.Ordinal);
        _outOfLine = [.. outOfLineCode];
        _ignored = [.. ignored];
        _bootOnly = [.. bootOnly];
        _structSizes = structSizes;
    }

    /// <summary>The tables, in output order.</summary>
    public IReadOnlyList<SpecialSection> Sections { get; }

    /// <summary>A catalog with further tables, found in an object.</summary>
    public SpecialSectionCatalog With(IEnumerable<SpecialSection> further) =>
        new(Sections.Concat(further), _outOfLine, _ignored, _bootOnly, _structSizes);

    /// <summary>The table of that name; null when the section is not special.</summary>
    public SpecialSection? Find(string name) => _sections.GetValueOrDefault(name);

    /// <summary>True for sections like .altinstr_replacement.</summary>
    public bool IsOutOfLineCode(string name) => Array.IndexOf(_outOfLine, name) >= 0;

    /// <summary>True for sections this machine's kernels do not read from modules.</summary>
    public bool IsIgnored(string name) => Array.IndexOf(_ignored, name) >= 0;

    /// <summary>True for tables of this machine that only boot code reads.</summary>
    public bool IsBootOnly(string name) => Array.Exists(_bootOnly, start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Entry size in bytes as the target kernel tells it; null when it does not, and the caller infers it
    /// from the table itself.</summary>
    public int? KnownEntrySize(SpecialSection section) =>
        section.FixedEntrySize
        ?? (section.StructName is not null && _structSizes.TryGetValue(section.StructName, out var size) ? size : null);
}

namespace LivePatch.Elf.Dwarf;

/// <summary>A function with code in the object, as its source declares it.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Section">The section its code begins in.</param>
/// <param name="Offset">Where in it.</param>
public sealed record DwarfFunction(string Name, ElfSection Section, ulong Offset)
{
    private readonly Lazy<string> _meaning = new(string.Empty);
    private readonly Lazy<string> _prototype = new(string.Empty);
    private readonly Lazy<int> _lastLine = new(int.MaxValue);

    /// <summary>A function whose prototype and last line are found when they are asked for: of hundreds only those that change
    /// are.</summary>
    internal DwarfFunction(
        string name, ElfSection section, ulong offset, Func<string> meaning, Func<string> prototype, Func<int> lastLine)
        : this(name, section, offset)
    {
        (_meaning, _prototype, _lastLine) = (new(meaning), new(prototype), new(lastLine));
    }

    /// <summary>Its prototype by meaning: const and typedefs do not count; empty when that cannot be read.</summary>
    public string Meaning => _meaning.Value;

    /// <summary>Its prototype as C writes it; empty when that cannot be read.</summary>
    public string Prototype => _prototype.Value;

    /// <summary>True when it is declared never to return, so that compilers put nothing behind a call of it.</summary>
    public bool NeverReturns { get; init; }

    /// <summary>The line of its source file on which it is declared; 0 when it is not told.</summary>
    public int FirstLine { get; init; }

    /// <summary>The last line that can be its own: the one before the next function of the same file is declared.</summary>
    public int LastLine => _lastLine.Value;

    /// <summary>True when its result is a structure or a union, which may come in two registers.</summary>
    public bool ReturnsStructure => Meaning.Split('(')[0] is var result && !result.Contains('*', StringComparison.Ordinal)
        && (result.StartsWith("struct ", StringComparison.Ordinal) || result.StartsWith("union ", StringComparison.Ordinal));
}

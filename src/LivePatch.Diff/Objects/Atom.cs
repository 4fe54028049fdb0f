using LivePatch.Core.Diagnostics;
using LivePatch.Elf;

namespace LivePatch.Diff.Objects;

/// <summary>
/// The smallest piece of an object that is compared, replaced and copied as a whole: a function, a variable, a
/// nameless table, a special-section entry. With -ffunction-sections an atom is mostly a whole section; where the
/// kernel puts several functions or variables into one section (.sched.text, .data..read_mostly) each is an atom.
/// Identity is reference identity.
/// </summary>
public sealed class Atom
{
    private static readonly string[] ConstantSections = [".rodata", ".data.rel.ro", ".lrodata", ".L"];

    internal Atom(
        int index,
        ElfSection section,
        SectionClass sectionClass,
        AtomKind kind,
        ulong start,
        ulong end,
        IReadOnlyList<ElfSymbol> symbols,
        string? fileName)
    {
        Index = index;
        Section = section;
        Class = sectionClass;
        Kind = kind;
        Start = start;
        End = end;
        Symbols = symbols;
        FileName = fileName;
        Symbol = symbols.Count == 0 ? null : symbols[0];
        Name = Symbol?.Name ?? (start == 0 ? section.Name : $"{section.Name}+0x{start:x}");
    }

    /// <summary>Number within the object, in section and offset order.</summary>
    public int Index { get; internal set; }

    /// <summary>The section it lies in.</summary>
    public ElfSection Section { get; }

    /// <summary>What that section is for.</summary>
    public SectionClass Class { get; }

    /// <summary>What it is.</summary>
    public AtomKind Kind { get; }

    /// <summary>First byte, as an offset in <see cref="Section"/>.</summary>
    public ulong Start { get; }

    /// <summary>End, as an offset in <see cref="Section"/>, padding up to the next atom included.</summary>
    public ulong End { get; }

    /// <summary>Size in bytes.</summary>
    public ulong Size => End - Start;

    /// <summary>All names of it, the primary one first; those of the padding before it come last.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>The primary name; null when it has none.</summary>
    public ElfSymbol? Symbol { get; }

    /// <summary>Where its primary symbol lies in it: behind the padding in front of a function; 0 when it has no name.</summary>
    public ulong EntryOffset => Symbol is { } symbol ? symbol.Value - Start : 0;

    /// <summary>Bytes up to the end of its last symbol: what lies behind may only fill up to the next atom. Null where that is not known,
    /// as labels have no size.</summary>
    public ulong? NamedSize
    {
        get
        {
            ulong end = 0;
            foreach (var symbol in Symbols)
            {
                if (symbol.Size == 0 || symbol.Type == ElfSymbolType.None)
                {
                    return null;
                }

                end = Math.Max(end, symbol.End);
            }

            return end > Start && end <= End ? end - Start : null;
        }
    }

    /// <summary>True for a variable with function scope: a local object the compiler gave a serial or a function's name.</summary>
    public bool IsStaticLocal =>
        Kind == AtomKind.Object && Symbol is { Binding: ElfSymbolBinding.Local } symbol
        && SymbolName.LooksLikeStaticLocal(symbol.Name) && !IsMadeAfresh && !SymbolName.IsUnstable(symbol.Name);

    /// <summary>True for a constant that only this object can refer to, where compilers put such: not in a section the source gave, as for
    /// a table that the linker collects.</summary>
    public bool IsLocalConstant =>
        Kind is AtomKind.Object or AtomKind.Anonymous && Class == SectionClass.ReadOnlyData && !IsGlobal
        && Array.Exists(ConstantSections, start => Section.Name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>
    /// True for such a constant when it holds no address of code or writable data. A table of functions is another matter: running objects
    /// keep pointers to it.
    /// </summary>
    public bool IsPureConstant =>
        IsLocalConstant
        && References.All(
            static reference =>
                reference.Target is { Kind: AtomKind.Literals } or { Class: SectionClass.ReadOnlyData } || reference.IsLabel);

    /// <summary>What users know it by: its symbol, else section and offset.</summary>
    public string Name { get; }

    /// <summary>The STT_FILE its local symbols stand under; null for globals and nameless atoms.</summary>
    public string? FileName { get; }

    /// <summary>Why it is not certain what it refers to; it matters once the atom is copied.</summary>
    public Diagnostic? Doubt { get; internal set; }

    /// <summary>For nameless constants: where one ends and the next begins, when that is known.</summary>
    internal ConstantPieces? Pieces { get; set; }

    /// <summary>What it refers to, by ascending offset.</summary>
    public IReadOnlyList<Reference> References { get; internal set; } = [];

    /// <summary>For functions: entries of special tables that belong to it, by table and then position.</summary>
    public IReadOnlyList<Atom> Attachments { get; internal set; } = [];

    /// <summary>For a split-off part (foo.cold, foo.part.0): the function it was split from, when present.</summary>
    public Atom? Parent { get; internal set; }

    /// <summary>Parts split off from this function.</summary>
    public IReadOnlyList<Atom> Parts { get; internal set; } = [];

    /// <summary>Offset in the atom at which ftrace can redirect it; null when it cannot.</summary>
    public ulong? FtraceSite { get; internal set; }

    /// <summary>True for a variable that a macro makes afresh at every use and whose running value does not matter.</summary>
    public bool IsMadeAfresh { get; internal set; }

    /// <summary>The bytes, with zeros in the fields the assembler filled in with distances to other atoms; empty for zeroed data.</summary>
    public ReadOnlySpan<byte> Bytes =>
        Masked is not null ? Masked : Section.Data.IsEmpty ? default : Section.Data.Span[(int)Start..(int)End];

    /// <summary>The bytes where they are not those of the file.</summary>
    internal byte[]? Masked { get; set; }

    /// <summary>The form to compare it in, when it has short branches to other atoms: those are long or short depending on
    /// where the other atom happens to lie.</summary>
    public WideForm? Wide { get; internal set; }

    /// <summary>True when any of its names is visible outside the object.</summary>
    public bool IsGlobal => Symbols.Any(static symbol => symbol.Binding != ElfSymbolBinding.Local);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

using LivePatch.Elf;
using LivePatch.Elf.Dwarf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>An object file seen as atoms and references between them. Immutable once built.</summary>
public sealed class KernelObject
{
    private readonly SectionClass[] _classes;
    private readonly Atom[][] _atomsBySection;
    private readonly Dictionary<ElfSymbol, Atom> _atomsBySymbol;
    private readonly InstructionMap _instructions;
    private Dictionary<Atom, List<(Atom From, Reference Reference)>>? _referrers;
    private Dictionary<Atom, DwarfVariable>? _variables;
    private Dictionary<Atom, DwarfFunction>? _functions;

    internal KernelObject(
        ElfObject elf,
        IArchitecture architecture,
        SpecialSectionCatalog catalog,
        SectionClass[] classes,
        Atom[][] atomsBySection,
        Dictionary<ElfSymbol, Atom> atomsBySymbol,
        InstructionMap instructions)
    {
        _instructions = instructions;
        Elf = elf;
        Architecture = architecture;
        Catalog = catalog;
        _classes = classes;
        _atomsBySection = atomsBySection;
        _atomsBySymbol = atomsBySymbol;
        Atoms = [.. atomsBySection.SelectMany(static atoms => atoms)];
        Debug = new DwarfObject(elf);
    }

    /// <summary>The file.</summary>
    public ElfObject Elf { get; }

    /// <summary>What diagnostics call it.</summary>
    public string Name => Elf.Name;

    /// <summary>The machine's facts.</summary>
    public IArchitecture Architecture { get; }

    /// <summary>The special sections it was read with.</summary>
    public SpecialSectionCatalog Catalog { get; }

    /// <summary>All atoms, by section and offset.</summary>
    public IReadOnlyList<Atom> Atoms { get; }

    /// <summary>Its debugging information; what was read of it is dropped when the comparison is done.</summary>
    public DwarfObject Debug { get; private set; }

    /// <summary>What the debugging information says of a variable; null when it does not.</summary>
    public DwarfVariable? VariableOf(Atom atom)
    {
        if (_variables is null)
        {
            _variables = [];
            foreach (var variable in Debug.PlacedVariables)
            {
                if (AtomAt(variable.Section, variable.Offset) is { } found && found.Start == variable.Offset)
                {
                    // clang (14, 19) leaves the function's name out where it was inlined, and has it in the symbol's.
                    _variables.TryAdd(found, variable.Function is null && SymbolName.FunctionOf(found.Name, variable.Name) is { } function
                        ? variable with { Function = function } : variable);
                }
            }
        }

        return _variables.GetValueOrDefault(atom);
    }

    /// <summary>How the source declares a function; null when the debugging information does not say.</summary>
    public DwarfFunction? FunctionOf(Atom atom)
    {
        if (_functions is null)
        {
            _functions = [];
            foreach (var function in Debug.PlacedFunctions)
            {
                if (AtomAt(function.Section, function.Offset) is { Kind: AtomKind.Function, Symbol: { } symbol } found
                    && symbol.Value == function.Offset)
                {
                    _functions.TryAdd(found, function);
                }
            }
        }

        return _functions.GetValueOrDefault(atom);
    }

    /// <summary>Gives back the memory of what was read of the debugging information.</summary>
    internal void ForgetDebug() => (Debug, _variables, _functions) = (new DwarfObject(Elf), null, null);

    /// <summary>What a section is for.</summary>
    public SectionClass ClassOf(ElfSection section) => _classes[section.Index];

    /// <summary>The atoms of a section, by offset.</summary>
    public IReadOnlyList<Atom> AtomsOf(ElfSection section) => _atomsBySection[section.Index];

    /// <summary>The atom a symbol names; null for undefined symbols and those in ignored sections.</summary>
    public Atom? AtomOf(ElfSymbol symbol) => _atomsBySymbol.GetValueOrDefault(symbol);

    /// <summary>The atom that holds a byte of a section. The end of the section belongs to the last atom.</summary>
    public Atom? AtomAt(ElfSection section, ulong offset) => AtomSearch.Find(_atomsBySection[section.Index], offset);

    /// <summary>True when a reference in code is the target of a call or jump, as against an address. An absolute field is an
    /// address whatever the bytes before it: another instruction may look like a call there.</summary>
    public bool IsBranch(Atom code, in Reference reference) =>
        reference.IsFallThrough || Architecture.Relocations.IsBranch(reference.Relocation.Type)
        || (Architecture.Relocations.Find(reference.Relocation.Type) is { IsPcRelative: true }
            && Architecture.Branches.IsBranchField(code.Bytes, reference.Offset));

    /// <summary>True when a reference in code or data is an address that may be kept and called, as against a call or a table's
    /// entry.</summary>
    public bool IsPointer(Atom from, in Reference reference) =>
        from.Kind is AtomKind.Object or AtomKind.Anonymous
        || (from.Kind == AtomKind.Function && !IsBranch(from, reference));

    /// <summary>True when a reference in code is the address of a memory operand: what is there is read or written, and no
    /// pointer to it is made.</summary>
    internal bool ReadsInPlace(Atom code, in Reference reference)
    {
        var ends = Architecture.Instructions.Ends(code.Bytes);
        var index = Array.BinarySearch(ends, reference.Offset + 1);
        index = index < 0 ? ~index : index;
        var start = index == 0 ? 0 : ends[index - 1];
        return index < ends.Length
            && Architecture.Instructions.IsMemoryOperand(code.Bytes[(int)start..(int)ends[index]], (int)(reference.Offset - start));
    }

    /// <summary>What code does with an address; <see cref="AddressUse.Load"/> for an address that data holds.</summary>
    internal AddressUse UseOf(Atom from, in Reference reference) =>
        (from.Section.Flags & ElfConstants.ShfExecinstr) == 0 ? AddressUse.Load
        : reference.IsFallThrough ? AddressUse.Branch
        : _instructions.UseOf(from.Section, from.Start + reference.Offset);

    /// <summary>Puts other references in the place of an atom's, where what they mean was settled later.</summary>
    internal void Settle(Atom atom, IReadOnlyList<Reference> references)
    {
        atom.References = references;
        _referrers = null;
    }

    /// <summary>Who refers to an atom.</summary>
    public IReadOnlyList<(Atom From, Reference Reference)> ReferrersOf(Atom atom)
    {
        if (_referrers is null)
        {
            var index = new Dictionary<Atom, List<(Atom, Reference)>>();
            foreach (var from in Atoms)
            {
                foreach (var reference in from.References)
                {
                    if (reference.Target is { } target)
                    {
                        if (!index.TryGetValue(target, out var list))
                        {
                            index.Add(target, list = []);
                        }

                        list.Add((from, reference));
                    }
                }
            }

            _referrers = index;
        }

        return _referrers.TryGetValue(atom, out var found) ? found : [];
    }
}

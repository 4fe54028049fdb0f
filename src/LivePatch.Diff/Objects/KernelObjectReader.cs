using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Builds a <see cref="KernelObject"/>. Order matters: sections are classified, code and data are cut into atoms by
/// their symbols, tables by their entry size, out-of-line code by the places that are referred to; then every
/// relocation is resolved to an atom, and table entries are handed to the code they belong to.
///
/// Cutting by symbols and not by sections is what makes functions in .sched.text or variables in
/// .data..read_mostly patchable one by one; its limit is code or data that runs from one symbol into the next, which
/// compilers do not make and assembly does: such code is in sections this tool does not patch.
/// </summary>
public sealed partial class KernelObjectReader
{
    private readonly ElfObject _elf;
    private readonly IArchitecture _architecture;
    private SpecialSectionCatalog _catalog;
    private readonly DiagnosticBag _diagnostics;
    private readonly SectionClass[] _classes;
    private readonly Atom[][] _atoms;
    private readonly Dictionary<ElfSymbol, Atom> _atomsBySymbol = [];
    private readonly InstructionMap _instructions;
    private int _count;

    private KernelObjectReader(ElfObject elf, IArchitecture architecture, SpecialSectionCatalog catalog, DiagnosticBag diagnostics)
    {
        _elf = elf;
        _architecture = architecture;
        _catalog = catalog;
        _diagnostics = diagnostics;
        _classes = new SectionClass[elf.Sections.Count];
        _atoms = new Atom[elf.Sections.Count][];
        _instructions = new InstructionMap(architecture);
    }

    /// <summary>Reads an object.</summary>
    /// <param name="elf">A relocatable object.</param>
    /// <param name="architecture">Its machine.</param>
    /// <param name="catalog">The machine's special sections.</param>
    /// <param name="diagnostics">Receives why it cannot be read.</param>
    /// <returns>Null when a fatal diagnostic was added.</returns>
    public static KernelObject? TryRead(ElfObject elf, IArchitecture architecture, SpecialSectionCatalog catalog, DiagnosticBag diagnostics)
    {
        if (elf.Header.Type != ElfConstants.EtRel || elf.Header.Machine != architecture.Machine || elf.Symbols.Count == 0)
        {
            diagnostics.Add(DiffDiagnostics.NotComparable.At(elf.Name, elf.Symbols.Count == 0
                ? "It has no symbol table."
                : $"It is not a relocatable {architecture.Name} object."));
            return null;
        }

        if (elf.Header.ProgramHeaderCount != 0)
        {
            diagnostics.Add(DiffDiagnostics.NotComparable.At(elf.Name, "It has program headers, as linked files do."));
            return null;
        }

        // What a linker passes over cannot be copied either.
        if (elf.Sections.FirstOrDefault(static section => section is { IsAllocated: true, Size: > 0 } && !HasContent(section)) is { } odd)
        {
            diagnostics.Add(DiffDiagnostics.NotComparable.At(
                DiagnosticLocation.InSection(elf.Name, odd.Name),
                $"The section is loaded, and its type ({odd.Type}) is none of code or data."));
            return null;
        }

        return new KernelObjectReader(elf, architecture, catalog, diagnostics).Read();
    }

    private static bool HasContent(ElfSection section) =>
        section.Type is not (ElfConstants.ShtNull or ElfConstants.ShtSymtab or ElfConstants.ShtStrtab or ElfConstants.ShtRel or ElfConstants.ShtGroup or ElfConstants.ShtSymtabShndx);

    private KernelObject? Read()
    {
        foreach (var section in _elf.Sections)
        {
            _classes[section.Index] = SectionClassifier.Classify(section, _catalog);
            _atoms[section.Index] = [];
        }

        FindUnknownTables();
        FindUnknownPieces();

        CutBySymbols();
        if (!CutTables())
        {
            return null;
        }

        CutOutOfLineCode();

        Renumber();
        ResolveReferences();
        ForgetEmptyReplacements();
        AttachTableEntries();
        if (!LinkParts())
        {
            return null;
        }

        FindFtraceSites();
        var result = new KernelObject(_elf, _architecture, _catalog, _classes, _atoms, _atomsBySymbol, _instructions);
        CutConstants(result);
        return result;
    }

    /// <summary>See <see cref="ConstantPieces"/>. Code that computes with such an address may mean more than one of them.</summary>
    private static void CutConstants(KernelObject result)
    {
        foreach (var atom in result.Atoms)
        {
            if (atom is not { Kind: AtomKind.Anonymous, Class: SectionClass.ReadOnlyData, References.Count: 0 } || atom.Bytes.IsEmpty
                || result.AtomsOf(atom.Section).Count != 1)
            {
                continue;
            }

            var uses =
                result.ReferrersOf(atom).Select(use => (Use: result.UseOf(use.From, use.Reference), use.Reference.TargetOffset)).ToList();
            if (uses.TrueForAll(static use => use.Use is AddressUse.Load or AddressUse.Access))
            {
                atom.Pieces =
                    ConstantPieces.Cut(
                        atom.Bytes, uses.Where(static use => use.Use == AddressUse.Load).Select(static use => use.TargetOffset));
            }
        }
    }

    private static bool IsCutBySymbols(SectionClass kind) =>
        kind is not (SectionClass.Ignored or SectionClass.SpecialTable or SectionClass.OutOfLineCode);

    /// <summary>Atoms are numbered by section and offset, so that results do not depend on the order of discovery.</summary>
    private void Renumber()
    {
        _count = 0;
        foreach (var atoms in _atoms)
        {
            foreach (var atom in atoms)
            {
                atom.Index = _count++;
            }
        }
    }

    private void FindFtraceSites()
    {
        foreach (var atoms in _atoms)
        {
            foreach (var atom in atoms)
            {
                if (atom.Kind == AtomKind.Function && atom.Symbol is { } symbol)
                {
                    atom.FtraceSite = _architecture.Entry.FindSite(
                        atom.Bytes, symbol.Value - atom.Start, atom.References.Select(
                            static reference => (reference.Offset, reference.Relocation)));
                }
            }
        }
    }
}

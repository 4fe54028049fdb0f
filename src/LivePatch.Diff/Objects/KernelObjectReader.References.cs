using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>Resolving relocations, and what follows from them.</summary>
public sealed partial class KernelObjectReader
{
    private void ResolveReferences()
    {
        foreach (var section in _elf.Sections)
        {
            var atoms = _atoms[section.Index];
            if (atoms.Length == 0)
            {
                continue;
            }

            Resolve(section, atoms);
            if (MayBeFilledIn(section, atoms))
            {
                foreach (var atom in atoms)
                {
                    AddFilledIn(atom, atoms);
                }
            }
        }
    }

    private void Resolve(ElfSection section, Atom[] atoms)
    {
        if (section.RelocationSections.Count == 0)
        {
            return;
        }

        var lists = new List<Reference>?[atoms.Length];
        foreach (var relocation in section.Relocations)
        {
            if (AtomSearch.Find(atoms, relocation.Offset) is { } atom)
            {
                // With one atom in the section, as mostly, the number of references is known.
                (lists[atom.Index - atoms[0].Index] ??= new List<Reference>(atoms.Length == 1 ? section.Relocations.Count : 4))
                    .Add(Resolve(section, relocation, relocation.Offset - atom.Start));
            }
        }

        for (var index = 0; index < atoms.Length; index++)
        {
            if (lists[index] is { } list)
            {
                list.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
                atoms[index].References = list;
            }
        }
    }

    private Reference Resolve(ElfSection from, ElfRelocation relocation, ulong offset)
    {
        var symbol = relocation.Symbol;
        if (symbol.Section is not { } section || _atoms[section.Index].Length == 0)
        {
            // Outside the object, or in a section that is ignored: kept as it stands, and fails later only if it is needed.
            return new Reference(offset, relocation, null, relocation.Addend);
        }

        var (address, doubt) = TargetAddress(from, relocation);
        var bias = Bias(from, offset, address, relocation);
        address -= bias;

        // A symbol of its own says what is meant, even when the addend leads outside its range.
        var atom = symbol.Type != ElfSymbolType.Section && _atomsBySymbol.TryGetValue(symbol, out var named)
            && named.Kind != AtomKind.Literals
            ? named
            : address < 0 ? null : AtomSearch.Find(_atoms[section.Index], (ulong)address);
        if (atom is null && _atoms[section.Index].Length == 1)
        {
            // Compilers fold index arithmetic into addends (table[i - 3]); with one atom in the section there is no doubt.
            atom = _atoms[section.Index][0];
        }

        if (atom is null)
        {
            doubt = DiffDiagnostics.UnresolvedReference.At(
                Place(from, relocation.Offset), $"It refers to {section.Name}{address:+0;-0;+0}, where no function or variable is.");
            return new Reference(offset, relocation, null, address) { Doubt = doubt };
        }

        return new Reference(
            offset, relocation, atom, atom.Kind == AtomKind.Literals ? address : address - (long)atom.Start)
        { Bias = bias, Doubt = doubt };
    }

    /// <summary>
    /// How far a relocation's address is from the one that is meant. Two sorts are known. The physical address of a variable is
    /// that of its symbol less where the kernel is mapped (__pa_symbol). And a table may count from the start of its entry where the
    /// relocation counts from the field, as __bug_table does for its file names before 5.18: then the address is no
    /// literal's beginning, and the one that lies before it by as much as the field lies in its entry is.
    /// </summary>
    private long Bias(ElfSection from, ulong offset, long address, in ElfRelocation relocation)
    {
        if (_architecture.Image.PhysicalAddressBias is { } physical && address >= physical / 2)
        {
            return physical;
        }

        if (offset == 0 || offset > int.MaxValue || address < (long)offset || (from.Flags & Elf.Native.ElfConstants.ShfExecinstr) != 0
            || _architecture.Relocations.Find(relocation.Type) is not { IsPcRelative: true })
        {
            return 0;
        }

        // A name of its own and that much behind it; or nothing at the address, and something before it.
        var target = relocation.Symbol.Section!;
        var isCounted = target.IsStrings
            ? relocation.Symbol.Type == ElfSymbolType.Section && !IsLiteralStart(target, address)
                && IsLiteralStart(target, address - (long)offset)
            : _classes[from.Index] is SectionClass.Data or SectionClass.ReadOnlyData
                && (relocation.Symbol.Type == ElfSymbolType.Section
                    ? !IsNamed(target, address) && IsNamed(target, address - (long)offset)
                    : relocation.Addend == (long)offset);
        return isCounted ? (long)offset : 0;
    }

    private bool IsNamed(ElfSection section, long offset) =>
        offset >= 0 && AtomSearch.Find(_atoms[section.Index], (ulong)offset) is { } atom
            && atom.Symbols.Any(symbol => symbol.Value == (ulong)offset);

    private static bool IsLiteralStart(ElfSection section, long offset) =>
        offset == 0 || (offset > 0 && offset <= section.Data.Length && section.Data.Span[(int)offset - 1] == 0);

    /// <summary>
    /// What a relocation refers to, as an offset in its symbol's section. Where the machine measures a field in code
    /// from the end of its instruction, that end must be known; in data it is measured from the field itself.
    /// </summary>
    private (long Address, Diagnostic? Doubt) TargetAddress(ElfSection from, ElfRelocation relocation)
    {
        if ((from.Flags & Elf.Native.ElfConstants.ShfExecinstr) == 0)
        {
            return ((long)relocation.Symbol.Value + relocation.Addend, null);
        }

        var relocations = _architecture.Relocations;
        if (!relocations.CountsFromInstructionEnd(relocation.Type))
        {
            return (relocations.TargetOf(relocation, instructionEnd: null), null);
        }

        var end = _instructions.EndOf(from, relocation.Offset);
        return (relocations.TargetOf(relocation, end),
            end is null
                ? DiffDiagnostics.CannotDecode.At(Place(from, relocation.Offset), "The bytes before it are no instruction.")
                : null);
    }

    private DiagnosticLocation Place(ElfSection section, ulong offset) =>
        AtomSearch.Find(_atoms[section.Index], offset) is { Symbol: { } symbol }
            ? DiagnosticLocation.InSymbol(_elf.Name, symbol.Name, offset - symbol.Value)
            : DiagnosticLocation.InSection(_elf.Name, section.Name, offset);

    private void AttachTableEntries()
    {
        var attachments = new Dictionary<Atom, List<Atom>>();
        var tables =
            _elf.Sections.Where(section => _classes[section.Index] == SectionClass.SpecialTable)
                .ToLookup(static section => section.Name, StringComparer.Ordinal);
        foreach (var special in _catalog.Sections)
        {
            if (special.Rule == SpecialSectionRule.UnwindEntries)
            {
                continue;
            }

            foreach (var section in tables[special.Name])
            {
                foreach (var entry in _atoms[section.Index])
                {
                    if (Owner(entry, special) is not { } owner)
                    {
                        continue;
                    }

                    if (!attachments.TryGetValue(owner, out var list))
                    {
                        attachments.Add(owner, list = []);
                    }

                    list.Add(entry);
                    entry.Parent = owner;
                    if (special.Rule is SpecialSectionRule.JumpLabel or SpecialSectionRule.ExceptionTable)
                    {
                        StayWith(entry, owner);
                    }
                }
            }
        }

        foreach (var (owner, list) in attachments)
        {
            owner.Attachments = list;
        }
    }

    /// <summary>A label at a function's very end is at the beginning of the next one too; tables lead to labels of their own
    /// function.</summary>
    private static void StayWith(Atom entry, Atom owner)
    {
        if (entry.References.Any(reference => IsBehind(reference, owner)))
        {
            entry.References = [.. entry.References.Select(reference =>
                IsBehind(reference, owner) ? reference with { Target = owner, TargetOffset = (long)owner.Size } : reference)];
        }

        static bool IsBehind(in Reference reference, Atom owner) =>
            reference is { TargetOffset: 0, Target: { Kind: AtomKind.Function } target }
            && target.Section == owner.Section && target.Start == owner.End && reference.Relocation.Symbol.Type == ElfSymbolType.Section;
    }

    private static Atom? Owner(Atom entry, SpecialSection special)
    {
        foreach (var reference in entry.References)
        {
            if (reference.Offset == (ulong)special.OwnerOffset)
            {
                return reference.Target;
            }
        }

        return null;
    }

    private bool LinkParts()
    {
        var functions = new Dictionary<string, Atom>(StringComparer.Ordinal);
        foreach (var atom in _atoms.SelectMany(static atoms => atoms).Where(static atom => atom.Kind == AtomKind.Function))
        {
            foreach (var symbol in atom.Symbols)
            {
                functions.TryAdd($"{(symbol.Binding == ElfSymbolBinding.Local ? atom.FileName : null)}/{symbol.Name}", atom);
            }
        }

        var parts = new Dictionary<Atom, List<Atom>>();
        foreach (var atom in functions.Values.Distinct())
        {
            if (atom.Symbol is not { } symbol || SymbolName.ParentOf(symbol.Name) is not { } parentName)
            {
                continue;
            }

            // A part is local to its file; its parent may be global.
            if (!functions.TryGetValue($"{atom.FileName}/{parentName}", out var parent)
                && !functions.TryGetValue($"/{parentName}", out parent))
            {
                if (SymbolName.IsCold(symbol.Name))
                {
                    _diagnostics.Add(DiffDiagnostics.ParentMissing.At(
                        DiagnosticLocation.InSymbol(
                            _elf.Name, symbol.Name), $"The function {parentName} it was split from is not in the object."));
                    return false;
                }

                continue;
            }

            atom.Parent = parent;
            if (!parts.TryGetValue(parent, out var list))
            {
                parts.Add(parent, list = []);
            }

            list.Add(atom);
        }

        foreach (var (parent, list) in parts)
        {
            list.Sort(static (left, right) => left.Index.CompareTo(right.Index));
            parent.Parts = list;
        }

        return true;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>Resolving relocations, and what follows from them.</summary>
public sealed partial class KernelObjectReader
{
    private bool ResolveReferences()
    {
        var resolved = true;
        foreach (var section in _elf.Sections)
        {
            var atoms = _atoms[section.Index];
            if (atoms.Length == 0 || section.RelocationSections.Count == 0)
            {
                continue;
            }

            var lists = new List<Reference>?[atoms.Length];
            foreach (var relocation in section.Relocations)
            {
                if (AtomSearch.Find(atoms, relocation.Offset) is not { } atom)
                {
                    continue;
                }

                if (Resolve(section, relocation, relocation.Offset - atom.Start) is not { } reference)
                {
                    resolved = false;
                    continue;
                }

                // With one atom in the section, as mostly, the number of references is known.
                (lists[atom.Index - atoms[0].Index] ??= new List<Reference>(atoms.Length == 1 ? section.Relocations.Count : 4)).Add(reference);
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

        return resolved;
    }

    private Reference? Resolve(ElfSection from, ElfRelocation relocation, ulong offset)
    {
        var symbol = relocation.Symbol;
        if (symbol.Section is not { } section)
        {
            return new Reference(offset, relocation, null, relocation.Addend);
        }

        // A symbol of its own says what is meant, even when the addend leads outside its range.
        if (symbol.Type != ElfSymbolType.Section && _atomsBySymbol.TryGetValue(symbol, out var named) && named.Kind != AtomKind.Literals)
        {
            return TargetAddress(from, relocation) is { } position
                ? new Reference(offset, relocation, named, position - (long)named.Start)
                : null;
        }

        if (_atoms[section.Index].Length == 0)
        {
            // Ignored sections: the reference is kept as it stands and fails later only if it is needed.
            return new Reference(offset, relocation, null, relocation.Addend);
        }

        if (TargetAddress(from, relocation) is not { } address)
        {
            return null;
        }

        var atom = address < 0 ? null : AtomSearch.Find(_atoms[section.Index], (ulong)address);
        if (atom is null && _atoms[section.Index].Length == 1)
        {
            // Compilers fold index arithmetic into addends (table[i - 3]); with one atom in the section there is no doubt.
            atom = _atoms[section.Index][0];
        }

        if (atom is null)
        {
            _diagnostics.Add(DiffDiagnostics.UnresolvedReference.At(
                Place(from, relocation.Offset), $"It refers to {section.Name}{address:+0;-0;+0}, where no function or variable is."));
            return null;
        }

        return new Reference(offset, relocation, atom, atom.Kind == AtomKind.Literals ? address : address - (long)atom.Start);
    }

    /// <summary>
    /// What a relocation refers to, as an offset in its symbol's section. A PC-relative field in code is measured
    /// from the end of its instruction, so that end must be known; in data it is measured from the field itself.
    /// </summary>
    private long? TargetAddress(ElfSection from, ElfRelocation relocation)
    {
        var address = (long)relocation.Symbol.Value + relocation.Addend;
        if ((from.Flags & Elf.Native.ElfConstants.ShfExecinstr) == 0 || !(_architecture.Relocation(relocation.Type)?.IsPcRelative ?? false))
        {
            return address;
        }

        if (_architecture.IsBranch(relocation.Type))
        {
            return address + _architecture.Relocation(relocation.Type)!.Width;
        }

        if (_instructions.EndOf(from, relocation.Offset) is not { } end)
        {
            _diagnostics.Add(DiffDiagnostics.CannotDecode.At(Place(from, relocation.Offset), "The bytes before it are no instruction."));
            return null;
        }

        return address + (long)(end - relocation.Offset);
    }

    private DiagnosticLocation Place(ElfSection section, ulong offset) =>
        AtomSearch.Find(_atoms[section.Index], offset) is { Symbol: { } symbol }
            ? DiagnosticLocation.InSymbol(_elf.Name, symbol.Name, offset - symbol.Value)
            : DiagnosticLocation.InSection(_elf.Name, section.Name, offset);

    private void AttachTableEntries()
    {
        var attachments = new Dictionary<Atom, List<Atom>>();
        var tables = _elf.Sections.Where(section => _classes[section.Index] == SectionClass.SpecialTable).ToLookup(static section => section.Name, StringComparer.Ordinal);
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
                }
            }
        }

        foreach (var (owner, list) in attachments)
        {
            owner.Attachments = list;
        }
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
            if (!functions.TryGetValue($"{atom.FileName}/{parentName}", out var parent) && !functions.TryGetValue($"/{parentName}", out parent))
            {
                if (SymbolName.IsCold(symbol.Name))
                {
                    _diagnostics.Add(DiffDiagnostics.ParentMissing.At(
                        DiagnosticLocation.InSymbol(_elf.Name, symbol.Name), $"The function {parentName} it was split from is not in the object."));
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

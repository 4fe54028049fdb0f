using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Fields that the assembler filled in.
///
/// A call, jump or operand that leads to a static function or variable of the same section needs no relocation: the distance is
/// known. For an atom that is compared, moved or copied by itself it is a reference like any other, so every instruction in
/// code that several atoms share is decoded, and a PC-relative field without a relocation that leads out of its atom
/// becomes the reference the assembler left out. Only code is searched: a distance in data looks like any number there.
/// </summary>
public sealed partial class KernelObjectReader
{
    private static bool MayBeFilledIn(ElfSection section, Atom[] atoms) =>
        atoms.Length > 1 && (section.Flags & ElfConstants.ShfExecinstr) != 0 && !section.Data.IsEmpty;

    /// <summary>Adds what the assembler resolved in one atom to its references, which are sorted by offset.</summary>
    private void AddFilledIn(Atom atom, Atom[] atoms)
    {
        var code = atom.Bytes;
        var fields = new List<(ulong Start, ulong End, PcRelativeField Field)>();
        List<Reference> found = [];
        ulong start = 0;
        ulong lastEnd = 0;
        var runsOn = false;
        foreach (var end in _architecture.Instructions.Ends(code))
        {
            var instruction = code[(int)start..(int)end];
            // Nops that fill up to the next function are passed through; breakpoints are not.
            if (!_architecture.Instructions.RunsOn(instruction) || _architecture.Instructions.PaddingBytes(instruction) == 0)
            {
                runsOn = _architecture.Instructions.RunsOn(instruction);
                lastEnd = end;
            }

            if (_architecture.Branches.Field(instruction) is { } field && FilledIn(atom, atoms, start, field) is { } reference)
            {
                found.Add(reference);
                fields.Add((start, end, field));
            }

            start = end;
        }

        if (start < atom.Size && code[(int)start..].ContainsAnyExcept((byte)0))
        {
            atom.Doubt =
                DiffDiagnostics.CannotDecode.At(
                    Place(atom.Section, atom.Start + start),
                    "The bytes here are no instruction, and it shares its section with other code, to which it may lead.");
        }

        if (runsOn && start == atom.Size && atom.Index + 1 - atoms[0].Index < atoms.Length && atom.Kind == AtomKind.Function)
        {
            var next = atoms[atom.Index + 1 - atoms[0].Index];
            if (_architecture.Branches.Field(_architecture.Branches.FarJump) is { } jump)
            {
                found.Add(Synthetic(atom, lastEnd, jump, next, (long)(next.Start + next.EntryOffset)) with { IsFallThrough = true });
            }
        }

        if (found.Count == 0)
        {
            return;
        }

        if (fields.Count > 0)
        {
            var masked = code.ToArray();
            foreach (var (from, to, field) in fields)
            {
                _architecture.Branches.Clear(masked.AsSpan((int)from..(int)to), field);
            }

            atom.Masked = masked;
        }

        atom.References = [.. atom.References.Concat(found).OrderBy(static reference => reference.Offset)];
        if (found.Exists(static reference => reference.IsShort))
        {
            atom.Wide = WideForm.Make(atom.Masked, atom.References, _architecture);
        }
    }

    private Reference? FilledIn(Atom atom, Atom[] atoms, ulong start, in PcRelativeField field)
    {
        var offset = start + (ulong)field.Offset;
        var width = (ulong)field.Width;
        foreach (var relocated in atom.References)
        {
            var size = (ulong)(_architecture.Relocations.Find(relocated.Relocation.Type)?.Width ?? 0);
            if (relocated.Offset < offset + width && offset < relocated.Offset + size)
            {
                return null;
            }
        }

        var address = (long)(atom.Start + start) + field.Target;
        if (address < 0 || AtomSearch.Find(atoms, (ulong)address) is not { } target || target == atom)
        {
            return null;
        }

        return Synthetic(atom, offset, field, target, address) with { IsShort = field.IsShort };
    }

    /// <summary>A reference with the relocation the assembler would have written.</summary>
    private Reference Synthetic(Atom atom, ulong offset, in PcRelativeField field, Atom target, long address)
    {
        // Without a name of its own the target is meant through its section; symbol 0 has the value of a section's symbol.
        var symbol = target.Symbol ?? target.Section.SectionSymbol ?? _elf.Symbols[0];
        var relocation = new ElfRelocation(atom.Start + offset, field.Relocation, symbol, address - (long)symbol.Value + field.Addend);
        return new Reference(offset, relocation, target, address - (long)target.Start) { IsFilledIn = true };
    }
}

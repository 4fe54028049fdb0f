using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Module.Extract;

/// <summary>
/// Short branches to functions that stay where they are.
///
/// A branch whose distance has few bits cannot lead from a module into the kernel. Making it longer would move the code behind it,
/// and with it what tables and constants elsewhere say of that code. So it keeps its form and leads to a jump beside the copy,
/// behind it where it reaches that far, else in front of it. Code that runs on into the next function gets such a jump at its end.
/// </summary>
public sealed partial class ObjectExtractor
{
    /// <summary>Where the field of the jump is that a reference's relocation is for, by the atom and the offset of the reference.</summary>
    private readonly Dictionary<(Atom Atom, ulong Offset), ulong> _stubs = [];

    private readonly Dictionary<Atom, ulong> _sizes = [];
    private readonly List<(Atom Atom, ulong Branch, OutputSection Section, ulong Stub)> _stubPlaces = [];

    private ulong PlaceWithStubs(Atom atom, OutputSection section, ReadOnlySpan<byte> code, ulong alignment)
    {
        var branches = atom.References.Where(static reference => reference.IsShort || reference.IsFallThrough).ToList();
        if (branches.Count == 0 || atom.Class == SectionClass.OutOfLineCode)
        {
            foreach (var branch in branches)
            {
                ReportUnreachable(atom, branch);
            }

            return Remember(atom, section, section.Append(code, atom.Size, alignment));
        }

        var machine = _pair.Patched.Architecture.Branches;
        var jump = machine.FarJump;
        var length = (ulong)jump.Length;
        var jumpField = (ulong)(machine.Field(jump)?.Offset ?? 0);
        var groups = branches.GroupBy(static reference => (reference.Target, reference.TargetOffset, reference.IsFallThrough))
            .OrderByDescending(static group => group.Key.IsFallThrough)
            .ToList();

        // What runs on must meet its jump first.
        var behind = groups.Where(group => group.Key.IsFallThrough).ToList();
        foreach (var group in groups.Where(static group => !group.Key.IsFallThrough))
        {
            if (group.All(reference => machine.ReachesShort((long)(atom.Size + ((ulong)behind.Count * length) - reference.Offset))))
            {
                behind.Add(group);
            }
        }

        var before = groups.Except(behind).ToList();
        var copy = new byte[((ulong)before.Count * length) + atom.Size + ((ulong)behind.Count * length)];
        var own = before.Count * jump.Length;
        code.CopyTo(copy.AsSpan(own));

        // The code keeps its alignment; the jumps in front of it fill up the end of the gap before it.
        alignment = Math.Max(alignment, 1);
        var gap = (ulong)own == 0 ? 0 : (alignment - ((section.Size + (ulong)own) % alignment)) % alignment;
        var at = own == 0
            ? section.Append(copy, (ulong)copy.Length, alignment)
            : section.Append(copy, (ulong)copy.Length, 1, gap);
        var start = at + (ulong)own;
        foreach (var (group, position) in before.Select((group, index) => (group, index * (int)length))
            .Concat(behind.Select((group, index) => (group, own + (int)atom.Size + (index * (int)length)))))
        {
            jump.CopyTo(section.Bytes(at + (ulong)position, length));
            foreach (var reference in group)
            {
                _stubs[(atom, reference.Offset)] = at + (ulong)position + jumpField;
                _stubPlaces.Add((atom, reference.Offset, section, at + (ulong)position));
                if (reference.IsFallThrough)
                {
                    continue;
                }

                var distance = position - own - (long)reference.Offset;
                if (machine.ReachesShort(distance))
                {
                    machine.LeadShort(section.Bytes(start + reference.Offset, atom.Size - reference.Offset), distance);
                }
                else
                {
                    ReportUnreachable(atom, reference);
                }
            }

            // One relocation for each jump, whichever of its branches it comes from.
            foreach (var reference in group.Skip(1))
            {
                _secondary.Add((atom, reference.Offset));
            }
        }

        if (behind.Count > 0)
        {
            _sizes.Add(atom, atom.Size + ((ulong)behind.Count * length));
        }

        return Remember(atom, section, start);
    }

    private readonly HashSet<(Atom Atom, ulong Offset)> _secondary = [];

    private ulong Remember(Atom atom, OutputSection section, ulong offset)
    {
        _places.Add(atom, (section, offset));
        return offset;
    }

    private void ReportUnreachable(Atom atom, in Reference reference) =>
        _diagnostics.Add(ModuleDiagnostics.ShortBranch.At(
            Where(atom, reference),
            $"It has a branch to {reference.Target!.Name} whose distance has one byte, and there is no room for a longer one within its "
                + $"reach."));

    /// <summary>A function that reaches to its atom's end covers the jumps behind it too.</summary>
    private ulong SizeWithStubs(Atom atom, ElfSymbol symbol) =>
        symbol.Type == ElfSymbolType.Function && symbol.Size > 0 && _sizes.TryGetValue(atom, out var size)
            ? size - (symbol.Value - atom.Start)
            : symbol.Size;

    /// <summary>
    /// Where the object has unwind entries, the jumps get those in effect at their branches: nothing is pushed or popped between.
    /// </summary>
    private void AddUnwindEntriesOfStubs()
    {
        var patched = _pair.Patched;
        if (_stubPlaces.Count == 0
            || patched.Catalog.Sections.FirstOrDefault(
                static special => special.Rule == SpecialSectionRule.UnwindAddresses) is not { Companion: not null } special
            || patched.Elf.FindSection(special.Companion) is not { } rows)
        {
            return;
        }

        foreach (var (atom, branch, section, stub) in _stubPlaces.DistinctBy(static place => (place.Section, place.Stub)))
        {
            var entry = atom.Attachments
                .Where(entry => entry.Section.Name == special.Name && _places.ContainsKey(entry))
                .Select(static entry => (Entry: entry, Owner: entry.References[0]))
                .Where(both => both.Owner.TargetOffset <= (long)branch)
                .MaxBy(static both => both.Owner.TargetOffset);
            if (entry.Entry is null)
            {
                continue;
            }

            var row = patched.AtomsOf(rows)[entry.Entry.Index - patched.AtomsOf(entry.Entry.Section)[0].Index];
            var addresses = _places[entry.Entry].Section;
            var place = addresses.Append(entry.Entry.Bytes, entry.Entry.Size, 1);
            addresses.Relocations.Add(new ElfRelocationDraft(place, entry.Owner.Relocation.Type, section.Symbol(_builder), (long)stub));
            _places[row].Section.Append(row.Bytes, row.Size, 1);
        }
    }
}

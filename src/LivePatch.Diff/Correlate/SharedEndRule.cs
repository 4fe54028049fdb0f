using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Settles which variable is meant where one ends and the next begins.
///
/// Variables that share a section are referred to by the section and an offset, and the end of an array, to which loops run, is the
/// same offset as the next variable. As long as both lie side by side in the running kernel too it makes no difference. It does when the
/// patch puts another variable there: the loop would run from the kernel's array to the module's variable.
///
/// What an instruction does with the address decides much: a plain read or write means the variable that begins there; a comparison mostly
/// an end. The rest is told by the original: where it referred to the same end in the same manner as often, the end is meant. And a
/// function that does not walk over the first variable cannot mean its end. What is left is in doubt, and refused once it is to be copied.
/// </summary>
internal sealed class SharedEndRule(ObjectPair pair, CorrelationMap map)
{
    /// <summary>An index that is subtracted may lead that far before a variable.</summary>
    private const long LongestStep = 64;

    private readonly record struct Place(Atom Atom, long Offset);

    private sealed record Use(int Index, AddressUse Kind, Place Begin, Place? Other);

    /// <summary>Puts what is meant in the place of what the offset alone says, on both sides.</summary>
    public void Settle()
    {
        foreach (var patched in pair.Patched.Atoms)
        {
            var uses = UsesOf(pair.Patched, patched);
            var original = map.OriginalOf(patched);
            var before = original is null ? [] : UsesOf(pair.Original, original);
            if (uses.Count + before.Count == 0)
            {
                continue;
            }

            var references = patched.References.ToArray();
            foreach (var use in uses.Where(Matters))
            {
                references[use.Index] = Decide(patched, original, references[use.Index], use, uses, before);
            }

            if (uses.Exists(Matters))
            {
                pair.Patched.Settle(patched, references);
            }

            if (original is not null && before.Count > 0)
            {
                Follow(original, patched, before);
            }
        }
    }

    /// <summary>References that may mean another variable than the one at their offset.</summary>
    private static List<Use> UsesOf(KernelObject side, Atom from)
    {
        var result = new List<Use>();
        for (var index = 0; index < from.References.Count; index++)
        {
            var reference = from.References[index];
            if (reference.Target is not { Kind: AtomKind.Object or AtomKind.Anonymous } target || reference.IsFilledIn
                || reference.Relocation.Symbol.Type != ElfSymbolType.Section || IsOneEach(target))
            {
                continue;
            }

            var kind = side.UseOf(from, reference);
            if (kind is AddressUse.Access or AddressUse.Branch)
            {
                continue;
            }

            var atoms = side.AtomsOf(target.Section);
            var position = target.Index - atoms[0].Index;
            var address = (long)target.Start + reference.TargetOffset;
            var other = reference.TargetOffset == 0 && position > 0 ? new Place(atoms[position - 1], (long)atoms[position - 1].Size)
                : kind is AddressUse.Indexed or AddressUse.Unknown && reference.TargetOffset > 0 && position + 1 < atoms.Count
                    && (long)target.End - address <= LongestStep && (long)target.Size > LongestStep
                    ? new Place(atoms[position + 1], address - (long)atoms[position + 1].Start)
                : (Place?)null;
            if (other is not null || (ulong)reference.TargetOffset == target.Size)
            {
                result.Add(new Use(index, kind, new Place(target, reference.TargetOffset), other));
            }
        }

        return result;
    }

    /// <summary>True for what a macro makes at each of its uses, one thing each time: nothing in code runs to the end of one.</summary>
    private static bool IsOneEach(Atom variable) =>
        variable.Class is SectionClass.DynamicDebug or SectionClass.Once or SectionClass.PrintkIndex;

    /// <summary>False when both meanings are one address of the running kernel.</summary>
    private bool Matters(Use use) => use.Other is { } other && Running(use.Begin) != Running(other);

    private (object Section, long Offset) Running(Place place) =>
        map.OriginalOf(place.Atom) is { } original && !MayBeCopied(original, place.Atom)
            ? (original.Section, (long)original.Start + place.Offset)
            : (place.Atom, place.Offset);

    /// <summary>A constant that changed goes along with the code that reads it.</summary>
    private static bool MayBeCopied(Atom original, Atom patched) =>
        patched.Class == SectionClass.ReadOnlyData
        && (
            original.Size != patched.Size || original.References.Count + patched.References.Count > 0
                || !original.Bytes.SequenceEqual(patched.Bytes));

    private Reference Decide(Atom patched, Atom? original, in Reference reference, Use use, List<Use> uses, List<Use> before)
    {
        // "Other" is the end of the variable before; or, with an index, the variable behind.
        var (begin, other) = (use.Begin, use.Other!.Value);
        var isEnd = other.Offset > 0;
        var walks =
            References(patched, other.Atom, use, mayMean: true)
                .Any(kind => kind is AddressUse.Load or AddressUse.Indexed or AddressUse.Bound);
        if (!walks && (use.Kind != AddressUse.Bound || References(patched, begin.Atom, use).Any()))
        {
            return reference;
        }

        var originalOther = map.OriginalOf(other.Atom);
        var same =
            before.Where(old => old.Kind == use.Kind && originalOther is not null && Means(old, originalOther, other.Offset)).ToList();
        var count = uses.Count(item => item.Kind == use.Kind && item.Other == use.Other);
        var isCertain = pair.Patched.ReferrersOf(begin.Atom).Any(item => IsCertain(item.From, item.Reference));

        // What begins there must be used by somebody; with one candidate it is this one.
        if (!isCertain && map.OriginalOf(begin.Atom) is null && pair.Patched.ReferrersOf(begin.Atom).Count == 1)
        {
            return reference;
        }

        // The original used what began there otherwise too: then this may be another beginning.
        var mayBeBeginning = original is not null
            && same.Exists(old => old.Other is not null && References(original, old.Begin.Atom, old).Any());
        if (isEnd && same.Count == count && count > 0 && (isCertain || map.OriginalOf(begin.Atom) is not null)
            && !(mayBeBeginning && References(patched, begin.Atom, use).Any()))
        {
            return At(reference, other);
        }

        // The same beginning as before, with another neighbour.
        var originalBegin = map.OriginalOf(begin.Atom);
        if (originalBegin is not null && same.Count == 0
            && before.Concat(Plain(original)).Any(old => old.Kind == use.Kind && old.Begin == new Place(originalBegin, begin.Offset)))
        {
            return reference;
        }

        return reference with
        {
            Doubt = DiffRefusals.SharedEnd.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, patched.Name, reference.Offset),
                $"It refers to the place in {begin.Atom.Section.Name} where {other.Atom.Name} {(isEnd ? "ends" : "begins")} and "
                    + $"{begin.Atom.Name} {(isEnd ? "begins" : "ends")}, which are not side by side in the running kernel; which of "
                    + $"them is meant cannot be told."),
        };
    }

    private IEnumerable<Use> Plain(Atom? original) =>
        original is null
            ? []
            : original.References.Select((reference, index) => (reference, index))
                .Where(static item => item.reference.Target is { Kind: AtomKind.Object or AtomKind.Anonymous })
                .Select(
                    item =>
                        new Use(
                            item.index,
                            pair.Original.UseOf(original, item.reference),
                            new Place(item.reference.Target!, item.reference.TargetOffset),
                            null));

    private static bool Means(Use old, Atom original, long offset) =>
        (old.Begin.Atom == original && old.Begin.Offset == offset)
            || (old.Other is { } other && other.Atom == original && other.Offset == offset);

    /// <summary>What a function does with a variable elsewhere.</summary>
    /// <param name="user">The function.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="but">The use that is asked about.</param>
    /// <param name="mayMean">True to count what may mean its neighbour's end as well: the beginning of one is where another ends, and
    /// whoever walks over it begins there.</param>
    private IEnumerable<AddressUse> References(Atom user, Atom variable, Use but, bool mayMean = false)
    {
        var side = pair.Patched.AtomsOf(user.Section).Contains(user) ? pair.Patched : pair.Original;
        var family = user.Parent is { } parent && user.Kind == AtomKind.Function ? parent : user;
        foreach (var atom in (Atom[])[family, .. family.Parts])
        {
            for (var index = 0; index < atom.References.Count; index++)
            {
                var reference = atom.References[index];
                if (reference.Target == variable && !(atom == user && index == but.Index)
                    && (mayMean || IsCertainPlace(side, atom, reference)))
                {
                    yield return side.UseOf(atom, reference);
                }
            }
        }
    }

    private bool IsCertain(Atom from, in Reference reference) => IsCertainPlace(pair.Patched, from, reference);

    /// <summary>True when a reference to a variable cannot mean its neighbour.</summary>
    private static bool IsCertainPlace(KernelObject side, Atom from, in Reference reference) =>
        reference.Relocation.Symbol.Type != ElfSymbolType.Section
        || reference.TargetOffset != 0
        || reference.Target!.Index == side.AtomsOf(reference.Target.Section)[0].Index
        || side.UseOf(from, reference) is AddressUse.Access;

    private static Reference At(in Reference reference, Place place) => reference with { Target = place.Atom, TargetOffset = place.Offset };

    /// <summary>The original means what its counterpart means, where it may.</summary>
    private void Follow(Atom original, Atom patched, List<Use> before)
    {
        var references = original.References.ToArray();
        var changed = false;
        foreach (var use in before)
        {
            if (use.Other is not { } other || map.PatchedOf(other.Atom) is not { } twin)
            {
                continue;
            }

            var begin = map.PatchedOf(use.Begin.Atom);
            var meant = patched.References.Where(reference => pair.Patched.UseOf(patched, reference) == use.Kind).ToList();
            if (meant.Exists(reference => reference.Target == twin && reference.TargetOffset == (other.Offset > 0 ? (long)twin.Size : other.Offset))
                && !meant.Exists(reference => reference.Target == begin && reference.TargetOffset == use.Begin.Offset))
            {
                references[use.Index] = At(references[use.Index], other);
                changed = true;
            }
        }

        if (changed)
        {
            pair.Original.Settle(original, references);
        }
    }
}

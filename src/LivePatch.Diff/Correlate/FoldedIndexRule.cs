using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Finds the array that is meant where an index is folded into its address: table[i + 40] may have an address that lies behind the table.
///
/// In a section of its own there is no doubt. In one that variables share the address lies in another variable, and when the patch puts
/// something between the two it lies at another place of that: unchanged code seems to change, and its copy would read elsewhere. So
/// where an indexed address differs from the original's in what it lies in, the variables around are tried: one from which the distance is
/// the same before and after is what is meant. All that answer to this name one and the same address of the running kernel. Where none
/// does, the code has changed, and the address means what it lies in.
/// </summary>
internal sealed class FoldedIndexRule(ObjectPair pair, CorrelationMap map)
{
    /// <summary>How far before or behind a variable a folded index may lead.</summary>
    private const long Farthest = 4096;

    /// <summary>Puts what is meant in the place of what the address lies in, on both sides.</summary>
    public void Settle()
    {
        foreach (var patched in pair.Patched.Atoms.Where(static atom => atom.Kind == AtomKind.Function))
        {
            if (map.OriginalOf(patched) is { } original)
            {
                Settle(original, patched);
            }
        }
    }

    private void Settle(Atom original, Atom patched)
    {
        var before = Indexed(pair.Original, original);
        var after = Indexed(pair.Patched, patched);
        if (before.Count != after.Count)
        {
            return;
        }

        Reference[]? olds = null, news = null;
        foreach (var (from, to) in before.Zip(after))
        {
            var (old, now) = (original.References[from], patched.References[to]);
            if ((map.PatchedOf(old.Target!) == now.Target && old.TargetOffset == now.TargetOffset)
                || Meant(old, now) is not var (left, right, distance))
            {
                continue;
            }

            olds ??= [.. original.References];
            news ??= [.. patched.References];
            olds[from] = old with { Target = left, TargetOffset = distance };
            news[to] = now with { Target = right, TargetOffset = distance };
        }

        if (olds is not null && news is not null)
        {
            pair.Original.Settle(original, olds);
            pair.Patched.Settle(patched, news);
        }
    }

    private static List<int> Indexed(KernelObject side, Atom function)
    {
        var result = new List<int>();
        for (var index = 0; index < function.References.Count; index++)
        {
            var reference = function.References[index];
            if (reference is { Target.Kind: AtomKind.Object, IsFilledIn: false } && reference.Relocation.Symbol.Type == ElfSymbolType.Section
                && side.UseOf(function, reference) == AddressUse.Indexed)
            {
                result.Add(index);
            }
        }

        return result;
    }

    private (Atom Original, Atom Patched, long Distance)? Meant(in Reference old, in Reference now)
    {
        var place = (long)old.Target!.Start + old.TargetOffset;
        var address = (long)now.Target!.Start + now.TargetOffset;
        (Atom, Atom, long Distance)? nearest = null;
        foreach (var variable in pair.Patched.AtomsOf(now.Target.Section))
        {
            var distance = address - (long)variable.Start;
            if (Math.Abs(distance) <= Farthest && map.OriginalOf(variable) is { } twin && twin.Section == old.Target.Section
                && place - (long)twin.Start == distance && (nearest is not { } known || Math.Abs(distance) < Math.Abs(known.Distance)))
            {
                nearest = (twin, variable, distance);
            }
        }

        return nearest;
    }
}

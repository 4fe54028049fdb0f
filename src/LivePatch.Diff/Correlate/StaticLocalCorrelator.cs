using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Pairs static locals, whose running values must survive the patch.
///
/// The compiler's number in "count.12" means nothing across two runs; what identifies a static local is which code
/// uses it. So evidence is gathered from every pair of atoms already paired: the static locals of one name that the
/// original uses (its split-off parts included) against those its counterpart uses. One against one is a proof. Several
/// against as many are paired by size and initial value where these differ, else by position when order of use and
/// order of declaration (the compiler's numbers rise with it) say the same on both sides. New pairs are new evidence
/// (a static pointer to a static), so this runs until nothing more is found. What is left over and is the only one of
/// its name on both sides is paired too: its function was inlined or moved.
///
/// Left over after that, an original whose user still exists is refused: whether its value is still wanted only the
/// author knows. A left-over patched one is new.
/// </summary>
internal sealed class StaticLocalCorrelator(ObjectPair pair, CorrelationMap map, DiagnosticBag diagnostics)
{
    public void Correlate()
    {
        var original = pair.Original.Atoms.Where(Correlator.IsStaticLocal).ToList();
        var patched = pair.Patched.Atoms.Where(Correlator.IsStaticLocal).ToList();
        if (original.Count == 0)
        {
            return;
        }

        var ambiguous = new HashSet<Atom>();
        while (PairByUsers(ambiguous))
        {
        }

        PairOnlyOnes(original, patched, ambiguous);
        foreach (var atom in original.Where(atom => map.PatchedOf(atom) is null && atom.Class is SectionClass.Data or SectionClass.PerCpu))
        {
            Report(atom, ambiguous.Contains(atom));
        }
    }

    private bool PairByUsers(HashSet<Atom> ambiguous)
    {
        var found = false;
        ambiguous.Clear();
        foreach (var (original, patched, _) in map.Pairs.ToList())
        {
            if (original.Kind is not (AtomKind.Function or AtomKind.Object))
            {
                continue;
            }

            var before = UsedBy(original, atom => map.PatchedOf(atom) is null);
            if (before.Count == 0)
            {
                continue;
            }

            var after = UsedBy(patched, atom => map.OriginalOf(atom) is null);
            var sameShape = HaveSameShape(original, patched);
            foreach (var (family, olds) in before)
            {
                if (after.TryGetValue(family, out var news))
                {
                    found |= PairGroup(olds, news, sameShape, ambiguous);
                }
            }
        }

        return found;
    }

    /// <summary>Unpaired static locals an atom and its parts use, by name family, in order of first use.</summary>
    private static SortedDictionary<string, List<Atom>> UsedBy(Atom user, Func<Atom, bool> isOpen)
    {
        var result = new SortedDictionary<string, List<Atom>>(StringComparer.Ordinal);
        var seen = new HashSet<Atom>();
        Visit(user);
        return result;

        void Visit(Atom atom)
        {
            foreach (var reference in atom.References.Concat(atom.Attachments.SelectMany(static entry => entry.References)))
            {
                if (reference.Target is { } target && target != user && Correlator.IsStaticLocal(target) && isOpen(target) && seen.Add(target))
                {
                    var family = SymbolName.Family(target.Symbol!.Name);
                    if (!result.TryGetValue(family, out var list))
                    {
                        result.Add(family, list = []);
                    }

                    list.Add(target);
                }
            }

            foreach (var part in atom.Parts)
            {
                Visit(part);
            }
        }
    }

    /// <summary>Byte for byte the same code with references at the same places: then the n-th use is the n-th use.</summary>
    private static bool HaveSameShape(Atom original, Atom patched) =>
        original.Bytes.SequenceEqual(patched.Bytes)
        && original.References.Count == patched.References.Count
        && original.References.Zip(patched.References).All(static both => both.First.Offset == both.Second.Offset)
        && original.Parts.Count == patched.Parts.Count
        && original.Parts.Zip(patched.Parts).All(static both => HaveSameShape(both.First, both.Second));

    private bool PairGroup(List<Atom> olds, List<Atom> news, bool sameShape, HashSet<Atom> ambiguous)
    {
        if (olds.Count == 1 && news.Count == 1)
        {
            return TryAdd(olds[0], news[0], CorrelationRule.Users);
        }

        if (sameShape && olds.Count == news.Count)
        {
            var any = false;
            foreach (var (old, candidate) in olds.Zip(news))
            {
                any |= TryAdd(old, candidate, CorrelationRule.Users);
            }

            return any;
        }

        // Size and initial value tell different variables apart, whatever their order.
        var found = false;
        foreach (var old in olds.Where(old => olds.Count(other => LooksSame(old, other)) == 1))
        {
            var matches = news.Where(candidate => LooksSame(old, candidate)).ToList();
            found |= matches.Count == 1 && TryAdd(old, matches[0], CorrelationRule.Users);
        }

        var restOld = olds.Where(atom => map.PatchedOf(atom) is null).ToList();
        var restNew = news.Where(atom => map.OriginalOf(atom) is null).ToList();
        if (found || restOld.Count == 0)
        {
            return found;
        }

        if (restOld.Count == restNew.Count && InDeclarationOrder(restOld) && InDeclarationOrder(restNew)
            && restOld.Zip(restNew).All(static both => LooksSame(both.First, both.Second)))
        {
            foreach (var (old, candidate) in restOld.Zip(restNew))
            {
                found |= TryAdd(old, candidate, CorrelationRule.Order);
            }

            return found;
        }

        ambiguous.UnionWith(restOld);
        return false;
    }

    private bool TryAdd(Atom original, Atom patched, CorrelationRule rule)
    {
        if (!map.IsFree(original, patched))
        {
            return false;
        }

        map.Add(original, patched, rule);
        return true;
    }

    private static bool LooksSame(Atom left, Atom right) =>
        left.Class == right.Class && left.Size == right.Size && left.Bytes.SequenceEqual(right.Bytes)
        && left.References.Count == right.References.Count;

    private static bool InDeclarationOrder(List<Atom> atoms)
    {
        var serials = atoms.Select(static atom => Serial(atom.Symbol!.Name)).ToList();
        return serials.All(static serial => serial >= 0) && (serials.SequenceEqual(serials.Order()) || serials.SequenceEqual(serials.OrderDescending()));
    }

    private static long Serial(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) ? serial : -1;
    }

    private void PairOnlyOnes(List<Atom> original, List<Atom> patched, HashSet<Atom> ambiguous)
    {
        static string Key(Atom atom) => $"{atom.FileName}/{SymbolName.Family(atom.Symbol!.Name)}";
        var open = patched.Where(atom => map.OriginalOf(atom) is null).ToLookup(Key, StringComparer.Ordinal);
        foreach (var group in original.Where(atom => map.PatchedOf(atom) is null && !ambiguous.Contains(atom)).GroupBy(Key).ToList())
        {
            if (group.Count() == 1 && open[group.Key].Count() == 1)
            {
                TryAdd(group.First(), open[group.Key].First(), CorrelationRule.OnlyOne);
            }
        }
    }

    private void Report(Atom atom, bool isAmbiguous)
    {
        // When every user is gone too, nobody misses the value.
        var users = pair.Original.ReferrersOf(atom)
            .Select(static use => use.From)
            .Select(static user => user.Kind == AtomKind.Attachment && user.Parent is not null ? user.Parent : user)
            .Where(user => user.Kind == AtomKind.Function && map.PatchedOf(user) is not null)
            .Distinct()
            .ToList();
        if (users.Count == 0)
        {
            return;
        }

        var user = users[0].Name;
        diagnostics.Add(isAmbiguous
            ? DiffRefusals.StaticLocalAmbiguous.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                $"{user} has several static variables of this name, and the patch makes it unclear which is which; the running values could be mixed up.")
            : DiffRefusals.StaticLocalRemoved.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                $"The patched {user} no longer uses its static variable {atom.Name}, whose running value would be lost."));
    }
}

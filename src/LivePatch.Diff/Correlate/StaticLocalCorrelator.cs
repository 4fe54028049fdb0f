using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Pairs static locals, whose running values must survive the patch.
///
/// The compiler's number in "count.12" means nothing across two runs; what identifies a static local is which code
/// uses it. So evidence is gathered from every pair of atoms already paired: the static locals of one name that the
/// original uses (its split-off parts included) against those its counterpart uses. One against one is a proof, and
/// so is the place of use when the code is byte for byte the same. In code that changed, several are paired only when
/// initial values and order of use say the same. New pairs are new evidence
/// (a static pointer to a static), so this runs until nothing more is found. A function that was inlined, split off or
/// got another suffix is no pair itself; then its callers are asked, up to the nearest ones that are paired: a variable
/// both sides reach from the same function, and no other of its name, is the same variable.
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

        PairByCallers(original, patched, ambiguous);
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

        return PairByValueAndPlace(olds, news, ambiguous);
    }

    /// <summary>
    /// Several variables of one name in code that changed. Size and initial value may tell them apart, and so may the order
    /// of use; only where both say the same is the answer taken. Equal values tell nothing.
    /// </summary>
    private bool PairByValueAndPlace(List<Atom> olds, List<Atom> news, HashSet<Atom> ambiguous)
    {
        var matches = olds.Select(old => news.Where(candidate => LooksSame(old, candidate)).ToList()).ToList();
        var isOneToOne = matches.TrueForAll(static match => match.Count == 1)
            && matches.Select(static match => match[0]).Distinct().Count() == olds.Count;
        if (!isOneToOne)
        {
            ambiguous.UnionWith(olds);
            return false;
        }

        var places = matches.Select(match => news.IndexOf(match[0])).ToList();
        if (!places.SequenceEqual(places.Order()))
        {
            ambiguous.UnionWith(olds);
            return false;
        }

        var found = false;
        foreach (var (old, match) in olds.Zip(matches))
        {
            found |= TryAdd(old, match[0], CorrelationRule.Users);
        }

        return found;
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

    private void PairByCallers(List<Atom> original, List<Atom> patched, HashSet<Atom> ambiguous)
    {
        static string Key(Atom atom) => $"{atom.FileName}/{SymbolName.Family(atom.Symbol!.Name)}";
        var open = patched.Where(atom => map.OriginalOf(atom) is null).ToLookup(Key, StringComparer.Ordinal);
        foreach (var group in original.Where(atom => map.PatchedOf(atom) is null && !ambiguous.Contains(atom)).GroupBy(Key).ToList())
        {
            var news = open[group.Key].Select(atom => (Atom: atom, Reached: NearestPaired(pair.Patched, atom, user => map.OriginalOf(user) is null ? null : user))).ToList();
            if (news.Count == 0)
            {
                continue;
            }

            var olds = group.Select(atom => (Atom: atom, Reached: NearestPaired(pair.Original, atom, map.PatchedOf))).ToList();
            foreach (var (old, reached) in olds)
            {
                var candidates = news.Where(candidate => candidate.Reached.Overlaps(reached)).ToList();
                if (candidates.Count == 1 && olds.Count(other => other.Reached.Overlaps(candidates[0].Reached)) == 1)
                {
                    TryAdd(old, candidates[0].Atom, CorrelationRule.Callers);
                }
                else if (candidates.Count > 0)
                {
                    ambiguous.Add(old);
                }
            }
        }
    }

    /// <summary>The nearest paired functions and variables from which a variable is reached, as patched atoms.</summary>
    private static HashSet<Atom> NearestPaired(KernelObject side, Atom variable, Func<Atom, Atom?> toPatched)
    {
        var result = new HashSet<Atom>();
        var seen = new HashSet<Atom> { variable };
        var queue = new Queue<Atom>(seen);
        while (queue.TryDequeue(out var atom))
        {
            foreach (var (from, _) in side.ReferrersOf(atom))
            {
                // Table entries and cold parts speak for the function they belong to.
                for (var user = from; user is not null && seen.Add(user); user = user.Parent)
                {
                    if (toPatched(user) is { } found)
                    {
                        result.Add(found);
                    }
                    else
                    {
                        queue.Enqueue(user);
                    }
                }
            }
        }

        return result;
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
        if (users.Count == 0 && !isAmbiguous)
        {
            return;
        }

        var user = users.Count > 0 ? users[0].Name : "The patched code";
        diagnostics.Add(isAmbiguous
            ? DiffRefusals.StaticLocalAmbiguous.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                $"{user} reaches several static variables of this name, and the patch makes it unclear which is which; the running values could be mixed up.")
            : DiffRefusals.StaticLocalRemoved.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                $"The patched {user} no longer uses its static variable {atom.Name}, whose running value would be lost."));
    }
}

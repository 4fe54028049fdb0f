using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// What the use of static locals of one name says about which is which.
///
/// The place of use proves it only in code that is the same and refers to the same things: in two blocks that trade places the bytes may be
/// the same, and only the literal or the callee beside each use shows that they did. In code that changed, a variable goes along with the
/// block it is declared in: debugging information tells which code that is, and what that refers to tells blocks apart. It is counted,
/// without what all the blocks have in common, and the answer counts when each variable has one best counterpart, that one has it as its
/// best too, and there is no tie. Nothing outside the block is looked at: what comes behind the last of several blocks comes there
/// whichever is last.
/// </summary>
internal sealed class UseEvidence(CorrelationMap map)
{
    /// <summary>True for the same code with the same references at the same places, but for the variables in question: then the n-th use is
    /// the n-th use.</summary>
    public bool IsSameUse(Atom original, Atom patched, IReadOnlyCollection<Atom> olds, IReadOnlyCollection<Atom> news) =>
        original.Bytes.SequenceEqual(patched.Bytes)
        && original.References.Count == patched.References.Count
        && original.References.Zip(patched.References)
            .All(both => both.First.Offset == both.Second.Offset && IsSame(both.First, both.Second, olds, news))
        && original.Parts.Count == patched.Parts.Count
        && original.Parts.Zip(patched.Parts).All(both => IsSameUse(both.First, both.Second, olds, news));

    /// <summary>Pairs by what the code of the blocks refers to; null when that does not settle it.</summary>
    public IReadOnlyList<(Atom Original, Atom Patched)>? PairByBlock(ObjectPair pair, List<Atom> olds, List<Atom> news)
    {
        var before = olds.ToDictionary(static atom => atom, atom => Things(pair.Original, atom, isOriginal: true));
        var after = news.ToDictionary(static atom => atom, atom => Things(pair.Patched, atom, isOriginal: false));
        var indistinct = new HashSet<string>(StringComparer.Ordinal);
        AddCommon(indistinct, before);
        AddCommon(indistinct, after);

        int Score(Atom old, Atom candidate) => before[old].Count(thing => after[candidate].Contains(thing) && !indistinct.Contains(thing));
        var pairs = new List<(Atom, Atom)>();
        foreach (var old in olds)
        {
            if (Best(news, candidate => Score(old, candidate)) is { } candidate && Best(olds, other => Score(other, candidate)) == old)
            {
                pairs.Add((old, candidate));
            }
        }

        return pairs.Count == Math.Min(olds.Count, news.Count) ? pairs : null;
    }

    /// <summary>
    /// Size and initial value may tell variables apart, and so may the order of use; only where both say the same is the answer taken.
    /// Equal values tell nothing. Null when it does not settle it.
    /// </summary>
    public static IReadOnlyList<(Atom Original, Atom Patched)>? PairByValueAndPlace(List<Atom> olds, List<Atom> news)
    {
        var matches = olds.Select(old => news.Where(candidate => LooksSame(old, candidate)).ToList()).ToList();
        var isOneToOne = matches.TrueForAll(static match => match.Count == 1)
            && matches.Select(static match => match[0]).Distinct().Count() == olds.Count;
        if (!isOneToOne)
        {
            return null;
        }

        var places = matches.Select(match => news.IndexOf(match[0])).ToList();
        return places.SequenceEqual(places.Order()) ? [.. olds.Zip(matches, static (old, match) => (old, match[0]))] : null;
    }

    /// <summary>The same sort of variable with the same initial value.</summary>
    public static bool LooksSame(Atom left, Atom right) =>
        left.Class == right.Class && left.Size == right.Size && left.Bytes.SequenceEqual(right.Bytes)
        && left.References.Count == right.References.Count;

    /// <summary>The nearest paired functions and variables from which a variable is reached, as patched atoms.</summary>
    public HashSet<Atom> ReachedFrom(KernelObject side, Atom variable, bool isOriginal)
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
                    if ((isOriginal ? map.PatchedOf(user) : map.OriginalOf(user) is null ? null : user) is { } found)
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

    /// <summary>What all of several variables have in common tells none of them apart.</summary>
    private static void AddCommon(HashSet<string> indistinct, Dictionary<Atom, HashSet<string>> contexts)
    {
        if (contexts.Count > 1)
        {
            indistinct.UnionWith(contexts.Values.First().Where(thing => contexts.Values.All(context => context.Contains(thing))));
        }
    }

    private static Atom? Best(List<Atom> candidates, Func<Atom, int> score)
    {
        var scores = candidates.Select(score).ToList();
        var best = scores.Max();
        return best > 0 && scores.Count(other => other == best) == 1 ? candidates[scores.IndexOf(best)] : null;
    }

    /// <summary>What the code of a variable's block refers to; nothing when there is no block.</summary>
    private HashSet<string> Things(KernelObject side, Atom variable, bool isOriginal)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (section, start, end) in side.VariableOf(variable)?.Block ?? [])
        {
            foreach (var atom in side.AtomsOf(section).Where(atom => atom.Start < end && atom.End > start))
            {
                foreach (var reference in atom.References)
                {
                    if (atom.Start + reference.Offset >= start && atom.Start + reference.Offset < end
                        && Identity(reference, isOriginal) is { } thing)
                    {
                        result.Add(thing);
                    }
                }
            }
        }

        return result;
    }

    private bool IsSame(in Reference before, in Reference after, IReadOnlyCollection<Atom> olds, IReadOnlyCollection<Atom> news) =>
        (before.Target is { } old && olds.Contains(old))
            ? after.Target is { } other && news.Contains(other) && before.TargetOffset == after.TargetOffset
            : Identity(before, isOriginal: true) == Identity(after, isOriginal: false);

    /// <summary>What is referred to, in the patched object's terms; null for what is not paired.</summary>
    private string? Identity(in Reference reference, bool isOriginal)
    {
        if (reference.Target is not { } target)
        {
            return $"outside {reference.Relocation.Symbol.DisplayName}";
        }

        if (target.Kind == AtomKind.Literals)
        {
            return $"literal {Convert.ToHexString(Literals.Rest(reference))}";
        }

        return (isOriginal ? map.PatchedOf(target) : map.OriginalOf(target) is null ? null : target) is { } paired
            ? $"atom {paired.Index}"
            : null;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Pairs static locals, whose running values must survive the patch.
///
/// The compiler's number in "count.12" means nothing across two runs. Debugging information says what a static local is: the function it
/// is declared in, wherever that was inlined, and its name. Where both objects have it, variables of two functions are never taken for one
/// another, and the only one of its name in its function is paired at once. Several of one name in one function (in blocks, or made by a
/// macro) are told apart by the line they are declared in, when the patch says where that went, and by their types.
///
/// What that leaves open, and everything where there is no debugging information, is told by the code that
/// uses the variables. Evidence is gathered from every pair of atoms already paired: the static locals of one name that the
/// original uses (its split-off parts included) against those its counterpart uses. One against one is a proof, and
/// so is the place of use when the code is the same and refers to the same things at the same places. In code that changed, what
/// the block of each refers to tells them apart, or initial values and order of use where both say the same; see
/// <see cref="UseEvidence"/>. New pairs are new evidence
/// (a static pointer to a static), so this runs until nothing more is found. A function that was inlined, split off or
/// got another suffix is no pair itself; then its callers are asked, up to the nearest ones that are paired: a variable
/// both sides reach from the same function, and no other of its name, is the same variable.
///
/// Left over after that, an original whose user still exists is refused: whether its value is still wanted only the
/// author knows. A left-over patched one is new. Before that <see cref="VariableMover"/> looks for variables that moved.
/// </summary>
internal sealed class StaticLocalCorrelator
{
    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map;
    private readonly DiffOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly UseEvidence _evidence;
    private readonly List<Atom> _original;
    private readonly List<Atom> _patched;
    private readonly HashSet<Atom> _ambiguous = [];
    private readonly bool _hasDebug;

    public StaticLocalCorrelator(ObjectPair pair, CorrelationMap map, DiffOptions options, DiagnosticBag diagnostics)
    {
        (_pair, _map, _options, _diagnostics) = (pair, map, options, diagnostics);
        _evidence = new UseEvidence(map);
        _original = [.. pair.Original.Atoms.Where(static atom => atom.IsStaticLocal)];
        _patched = [.. pair.Patched.Atoms.Where(static atom => atom.IsStaticLocal)];
        _hasDebug = _original.Count > 0 && _patched.Count > 0 && pair.Original.Debug.PlacedVariables.Count > 0
            && pair.Patched.Debug.PlacedVariables.Count > 0;
    }

    /// <summary>Pairs what can be paired.</summary>
    public void Correlate()
    {
        if (_original.Count == 0)
        {
            return;
        }

        PairByDeclaration();
        while (PairByUsers())
        {
        }

        PairByCallers();
    }

    /// <summary>True when it is unclear which variable of the patched object an original is.</summary>
    public bool IsAmbiguous(Atom original) => _ambiguous.Contains(original);

    /// <summary>Refuses what is left over.</summary>
    /// <param name="isSettled">True for originals about which enough is said.</param>
    public void Report(Func<Atom, bool> isSettled)
    {
        foreach (var atom in _original.Where(
            atom =>
                _map.PatchedOf(atom) is null && atom.Class is SectionClass.Data or SectionClass.PerCpu or SectionClass.Once
                    && !isSettled(atom)))
        {
            Report(atom, _ambiguous.Contains(atom));
        }
    }

    /// <summary>What two variables must have in common to be compared at all.</summary>
    private string Key(KernelObject side, Atom atom) =>
        _hasDebug && side.VariableOf(atom) is { } variable
            ? $"{atom.FileName}/{variable.Name} of {variable.Function}"
            : $"{atom.FileName}/{SymbolName.Family(atom.Symbol!.Name)}";

    private void PairByDeclaration()
    {
        if (!_hasDebug)
        {
            return;
        }

        var after =
            _patched.Where(atom => _map.OriginalOf(atom) is null && _pair.Patched.VariableOf(atom) is not null)
                .ToLookup(atom => Key(_pair.Patched, atom), StringComparer.Ordinal);
        foreach (var group in _original.Where(atom => _map.PatchedOf(atom) is null && _pair.Original.VariableOf(atom) is not null)
            .GroupBy(atom => Key(_pair.Original, atom))
            .ToList())
        {
            var (olds, news) = (group.ToList(), after[group.Key].ToList());
            if (olds.Count == 1 && news.Count == 1)
            {
                _map.Add(olds[0], news[0], CorrelationRule.Declaration);
                continue;
            }

            PairOneToOne(
                olds,
                news,
                atom => _options.MovedLines?.TryGetValue(_pair.Original.VariableOf(atom)!.Line, out var line) == true ? line : null,
                atom => _pair.Patched.VariableOf(atom)!.Line);
            PairOneToOne(olds, news, atom => _pair.Original.VariableOf(atom)!.Type, atom => _pair.Patched.VariableOf(atom)!.Type);
        }
    }

    /// <summary>Pairs those that share something with exactly one on the other side. The same number on both sides, or it could be that one
    /// goes and another of the same sort comes.</summary>
    private void PairOneToOne(List<Atom> olds, List<Atom> news, Func<Atom, object?> before, Func<Atom, object?> after)
    {
        if (olds.Count != news.Count)
        {
            return;
        }

        var right = news.Where(atom => _map.OriginalOf(atom) is null).ToLookup(after);
        foreach (var group in olds.Where(atom => _map.PatchedOf(atom) is null && before(atom) is not null).GroupBy(before).ToList())
        {
            if (group.Count() == 1 && right[group.Key].Count() == 1)
            {
                _map.Add(group.First(), right[group.Key].First(), CorrelationRule.Declaration);
            }
        }
    }

    private bool PairByUsers()
    {
        var found = false;
        _ambiguous.Clear();
        foreach (var (original, patched, _) in _map.Pairs.ToList())
        {
            if (original.Kind is not (AtomKind.Function or AtomKind.Object))
            {
                continue;
            }

            var before = UsedBy(_pair.Original, original, atom => _map.PatchedOf(atom) is null);
            if (before.Count == 0)
            {
                continue;
            }

            var after = UsedBy(_pair.Patched, patched, atom => _map.OriginalOf(atom) is null);
            foreach (var (key, olds) in before)
            {
                if (after.TryGetValue(key, out var news))
                {
                    found |= PairGroup(original, olds, patched, news);
                }
            }
        }

        return found;
    }

    /// <summary>Unpaired static locals an atom and its parts use, by what may be paired, in order of first use.</summary>
    private SortedDictionary<string, List<Atom>> UsedBy(KernelObject side, Atom user, Func<Atom, bool> isOpen)
    {
        var result = new SortedDictionary<string, List<Atom>>(StringComparer.Ordinal);
        var seen = new HashSet<Atom>();
        Visit(user);
        return result;

        void Visit(Atom atom)
        {
            foreach (var reference in atom.References.Concat(atom.Attachments.SelectMany(static entry => entry.References)))
            {
                if (reference.Target is { } target && target != user && target.IsStaticLocal && isOpen(target) && seen.Add(target))
                {
                    var key = Key(side, target);
                    if (!result.TryGetValue(key, out var list))
                    {
                        result.Add(key, list = []);
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

    private bool PairGroup(Atom original, List<Atom> olds, Atom patched, List<Atom> news)
    {
        if (olds.Count == 1 && news.Count == 1 && !IsOneOfSeveral(olds[0]))
        {
            return TryAdd(olds[0], news[0], CorrelationRule.Users);
        }

        var pairs = olds.Count == news.Count && _evidence.IsSameUse(original, patched, olds, news)
            ? [.. olds.Zip(news)]
            : _evidence.PairByBlock(_pair, olds, news) ?? UseEvidence.PairByValueAndPlace(olds, news);
        if (pairs is null)
        {
            _ambiguous.UnionWith(olds);
            return false;
        }

        var any = false;
        foreach (var (old, candidate) in pairs)
        {
            any |= TryAdd(old, candidate, CorrelationRule.Users);
        }

        return any;
    }

    /// <summary>True when debugging information has several of this name in the function: then the last one left need not be the last one
    /// left over there.</summary>
    private bool IsOneOfSeveral(Atom original) =>
        _hasDebug && _pair.Original.VariableOf(original) is not null && Key(_pair.Original, original) is var key
        && (_original.Count(atom => Key(_pair.Original, atom) == key) > 1 || _patched.Count(atom => Key(_pair.Patched, atom) == key) > 1);

    private bool TryAdd(Atom original, Atom patched, CorrelationRule rule)
    {
        if (!_map.IsFree(original, patched))
        {
            return false;
        }

        _map.Add(original, patched, rule);
        return true;
    }

    private void PairByCallers()
    {
        var open = _patched.Where(atom => _map.OriginalOf(atom) is null).ToLookup(atom => Key(_pair.Patched, atom), StringComparer.Ordinal);
        foreach (var group in _original.Where(atom => _map.PatchedOf(atom) is null && !_ambiguous.Contains(atom))
            .GroupBy(atom => Key(_pair.Original, atom))
            .ToList())
        {
            var news =
                open[group.Key]
                    .Select(atom => (Atom: atom, Reached: _evidence.ReachedFrom(_pair.Patched, atom, isOriginal: false)))
                    .ToList();
            if (news.Count == 0)
            {
                continue;
            }

            var olds = group.Select(atom => (Atom: atom, Reached: _evidence.ReachedFrom(_pair.Original, atom, isOriginal: true))).ToList();
            foreach (var (old, reached) in olds)
            {
                var candidates = news.Where(candidate => candidate.Reached.Overlaps(reached)).ToList();
                if (candidates.Count == 1 && olds.Count(other => other.Reached.Overlaps(candidates[0].Reached)) == 1)
                {
                    TryAdd(old, candidates[0].Atom, CorrelationRule.Callers);
                }
                else if (candidates.Count > 0)
                {
                    _ambiguous.Add(old);
                }
            }
        }
    }

    private void Report(Atom atom, bool isAmbiguous)
    {
        // A variable goes with the function it is declared in, and when every user is gone too, nobody misses the value.
        if (_pair.Original.VariableOf(atom)?.Function is { } declaring && _pair.Patched.Debug is { Problem: null } debug
            && !debug.FunctionNames.Contains(declaring))
        {
            return;
        }

        var users = _pair.Original.ReferrersOf(atom)
            .Select(static use => use.From)
            .Select(static user => user.Kind == AtomKind.Attachment && user.Parent is not null ? user.Parent : user)
            .Where(user => user.Kind == AtomKind.Function && _map.PatchedOf(user) is not null)
            .Distinct()
            .ToList();
        if (users.Count == 0 && !isAmbiguous)
        {
            return;
        }

        var user = users.Count > 0 ? users[0].Name : "The patched code";
        _diagnostics.Add(isAmbiguous
            ? DiffRefusals.StaticLocalAmbiguous.At(
                DiagnosticLocation.InSymbol(_pair.Patched.Name, atom.Name),
                $"{user} reaches several static variables of this name, and the patch makes it unclear which is which; the running "
                    + $"values could be mixed up.")
            : DiffRefusals.StaticLocalRemoved.At(
                DiagnosticLocation.InSymbol(_pair.Patched.Name, atom.Name),
                $"The patched {user} no longer uses its static variable {atom.Name}, whose running value would be lost.",
                $"{DiffRefusals.StaticLocalRemoved.Remedy} If its value is given up on purpose, say so with --pair {atom.Name}=."));
    }
}

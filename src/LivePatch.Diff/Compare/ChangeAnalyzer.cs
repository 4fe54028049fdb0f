using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Compares every pair and then spreads what cannot stop at one atom: a split-off part that cannot be redirected by
/// itself changes its parent, a constant that changed changes the functions that read it, and a function that cannot be
/// redirected changes its callers.
/// </summary>
public sealed class ChangeAnalyzer
{
    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map;
    private readonly CallerRule _callers;
    private readonly Dictionary<Atom, AtomChange> _changes = [];
    private readonly Dictionary<Atom, IReadOnlyList<Atom>> _throughCallers = [];

    private ChangeAnalyzer(ObjectPair pair, CorrelationMap map, bool isModule)
    {
        _pair = pair;
        _map = map;
        _callers = new CallerRule(pair, map, isModule);
    }

    /// <summary>Compares two correlated objects.</summary>
    /// <param name="pair">The objects.</param>
    /// <param name="map">Their correlation.</param>
    /// <param name="movedLines">Where the patch moved each source line, when the patch is known; see <see cref="LineNumberRule"/>.</param>
    /// <param name="isModule">True when the object is part of a module, false for vmlinux.</param>
    public static ChangeSet Analyze(ObjectPair pair, CorrelationMap map, IReadOnlyDictionary<int, int>? movedLines = null, bool isModule = false)
    {
        var analyzer = new ChangeAnalyzer(pair, map, isModule);
        var comparer = new AtomComparer(pair, map, new LineNumberRule(pair.Patched, movedLines));
        analyzer.CompareAll(comparer);
        var ignored = analyzer.ApplyMarkers();
        while (analyzer.SpreadThroughConstants() | analyzer.SpreadToParents() | analyzer.SpreadToLabelTables() | analyzer.SpreadToCallers())
        {
        }

        return new ChangeSet(analyzer._changes, [.. comparer.Forgiven, .. analyzer.Renamed()], ignored) { ThroughCallers = analyzer._throughCallers };
    }

    /// <summary>
    /// True for constants that hold no address of code or writable data: a function that reads a private copy of
    /// the new value does all the new source says. A table of functions is another matter: running objects
    /// keep pointers to the old one.
    /// </summary>
    public static bool IsPureConstant(Atom atom) =>
        atom.Class == SectionClass.ReadOnlyData
        && !atom.IsGlobal
        && atom.References.All(static reference => reference.Target is { Kind: AtomKind.Literals }
            or { Class: SectionClass.ReadOnlyData } || IsLabel(reference));

    /// <summary>True for the address of a label inside a function, as computed gotos use: only that function's code can
    /// jump there, so such an address means this very version of the function.</summary>
    private static bool IsLabel(in Reference reference) =>
        reference.Target is { Kind: AtomKind.Function, Symbol: { } symbol } function
        && reference.TargetOffset != (long)(symbol.Value - function.Start);

    private void CompareAll(AtomComparer comparer)
    {
        foreach (var atom in _pair.Patched.Atoms)
        {
            if (atom.Kind is AtomKind.Literals or AtomKind.Attachment || atom.Class is SectionClass.ModuleInfo or SectionClass.Marker)
            {
                continue;
            }

            if (_map.OriginalOf(atom) is not { } original)
            {
                if (!IsMadeAfresh(atom))
                {
                    _changes.Add(atom, new AtomChange(atom, null, ChangeKind.New, "the original has no such symbol"));
                }

                continue;
            }

            var change = comparer.Compare(original, atom) is { } difference
                ? new AtomChange(atom, original, ChangeKind.Changed, difference.Text, difference.Offset)
                : new AtomChange(atom, original, ChangeKind.Same);
            _changes.Add(atom, change);
        }
    }

    /// <summary>Pairs the compiler gave other names, and by what they were known to be the same.</summary>
    private IEnumerable<ForgivenDifference> Renamed() =>
        _map.Pairs
            .Where(static pair => pair.Original.Symbol is { } before && pair.Patched.Symbol is { } after && before.Name != after.Name)
            .Select(static pair => new ForgivenDifference(pair.Patched, $"it was called {pair.Original.Name}; {Evidence(pair.Rule)}"));

    private static string Evidence(CorrelationRule rule) => rule switch
    {
        CorrelationRule.Name => "both have a name in common",
        CorrelationRule.Family => "only the compiler's number differs",
        CorrelationRule.OtherScope => "it became visible to other files or ceased to be",
        CorrelationRule.Content => "of several such names it is the one with the same content",
        CorrelationRule.Order => "of several such names it is the one in the same place",
        CorrelationRule.Users => "the same functions use it in the same way",
        CorrelationRule.Callers => "it is reached from the same functions",
        _ => "it is in the same section",
    };

    /// <summary>What the author marked counts as the same, whatever was found; said in the result.</summary>
    private List<ForgivenDifference> ApplyMarkers()
    {
        var ignored = new List<ForgivenDifference>();
        foreach (var (atom, text) in AuthorMarkers.Read(_pair.Patched))
        {
            if (_changes.TryGetValue(atom, out var change) && change.Kind == ChangeKind.Changed)
            {
                _changes[atom] = new AtomChange(atom, change.Original, ChangeKind.Same);
                ignored.Add(new ForgivenDifference(atom, $"{text}; {change.Reason}"));
            }
            else if (change is { Kind: ChangeKind.New })
            {
                _changes.Remove(atom);
                ignored.Add(new ForgivenDifference(atom, text));
            }
        }

        return ignored;
    }

    private static bool IsMadeAfresh(Atom atom) =>
        atom.Symbol is { } symbol
        && (Correlator.IsUnstableName(symbol.Name) || SpecialStatics.IsSpecial(symbol, atom.Class));

    private bool SpreadThroughConstants()
    {
        var spread = false;
        var queue = new Queue<Atom>(_changes.Values
            .Where(static change => change.Kind == ChangeKind.Changed && change.Patched.Kind == AtomKind.Object && IsPureConstant(change.Patched))
            .Select(static change => change.Patched)
            .OrderBy(static atom => atom.Index));
        while (queue.TryDequeue(out var constant))
        {
            foreach (var (from, _) in _pair.Patched.ReferrersOf(constant))
            {
                if (Mark(from, $"it uses the constant {constant.Name}, which changed"))
                {
                    spread = true;
                    if (IsPureConstant(from))
                    {
                        queue.Enqueue(from);
                    }
                }
            }
        }

        return spread;
    }

    private bool SpreadToParents()
    {
        var spread = false;
        foreach (var atom in _pair.Patched.Atoms.Where(static atom => atom.Kind == AtomKind.Function && atom.Parent is not null))
        {
            for (var part = atom; part.Parent is { } parent && IsPartOnly(part) && _changes.TryGetValue(part, out var change) && change.Kind == ChangeKind.Changed; part = parent)
            {
                spread |= Mark(parent, $"its part {part.Name} changed");
            }
        }

        return spread;
    }

    /// <summary>Data that holds addresses inside a changed function must go with it, even when its own bytes are the same:
    /// the running copy leads into the old code.</summary>
    private bool SpreadToLabelTables()
    {
        var spread = false;
        foreach (var atom in _pair.Patched.Atoms.Where(static atom => atom.Kind == AtomKind.Object && atom.References.Count > 0))
        {
            foreach (var reference in atom.References)
            {
                if (IsLabel(reference) && _changes.TryGetValue(reference.Target!, out var change) && change.Kind == ChangeKind.Changed)
                {
                    spread |= Mark(atom, $"it holds an address inside {reference.Target!.Name}, which changed");
                }
            }
        }

        return spread;
    }

    /// <summary>What cannot be redirected is reached through its callers, if that is certain; see <see cref="CallerRule"/>.</summary>
    private bool SpreadToCallers()
    {
        var spread = false;
        foreach (var change in _changes.Values.Where(static change => change.Kind == ChangeKind.Changed).OrderBy(static change => change.Patched.Index).ToList())
        {
            var function = change.Patched;
            if (function is not { Kind: AtomKind.Function, Class: SectionClass.Code, Symbol: not null } || change.Original is not { Class: SectionClass.Code, FtraceSite: null }
                || SymbolName.IsCold(function.Name) || _throughCallers.ContainsKey(function) || _callers.CallersOf(function) is not { } callers)
            {
                continue;
            }

            _throughCallers.Add(function, callers);
            spread = true;
            foreach (var caller in callers)
            {
                Mark(caller, $"it calls {function.Name}, which changed and cannot be redirected itself");
            }

            // What lies between is of the same sort: its copy must call the copy.
            foreach (var (from, _) in _pair.Patched.ReferrersOf(function).Where(static use => use.From is { Kind: AtomKind.Function, Class: SectionClass.Code }))
            {
                Mark(from, $"it calls {function.Name}, which changed");
            }
        }

        return spread;
    }

    /// <summary>A part that ftrace cannot redirect lives and dies with its parent.</summary>
    private bool IsPartOnly(Atom part) =>
        SymbolName.IsCold(part.Name) || (_map.OriginalOf(part) ?? part).FtraceSite is null;

    private bool Mark(Atom atom, string reason)
    {
        if (!_changes.TryGetValue(atom, out var change) || change.Kind != ChangeKind.Same)
        {
            return false;
        }

        _changes[atom] = change with { Kind = ChangeKind.Changed, Reason = reason };
        return true;
    }
}

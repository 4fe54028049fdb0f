using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Compares every pair and then spreads what cannot stop at one atom; see <see cref="ChangeSpread"/>. What the patch takes away has
/// no patched atom to stand for it and is listed by itself.
/// </summary>
public sealed class ChangeAnalyzer
{
    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map;
    private readonly Dictionary<Atom, AtomChange> _changes = [];
    private readonly List<ForgivenDifference> _placed = [];

    private ChangeAnalyzer(ObjectPair pair, CorrelationMap map)
    {
        _pair = pair;
        _map = map;
    }

    /// <summary>Compares two correlated objects.</summary>
    /// <param name="pair">The objects.</param>
    /// <param name="map">Their correlation.</param>
    /// <param name="movedLines">Where the patch moved each source line, when the patch is known; see <see cref="LineNumberRule"/>.</param>
    /// <param name="isModule">True when the object is part of a module, false for vmlinux.</param>
    public static ChangeSet Analyze(
        ObjectPair pair, CorrelationMap map, IReadOnlyDictionary<int, int>? movedLines = null, bool isModule = false)
    {
        var analyzer = new ChangeAnalyzer(pair, map);
        var comparer = new AtomComparer(pair, map, new LineNumberRule(pair, movedLines));
        analyzer.CompareAll(comparer);
        var ignored = analyzer.ApplyMarkers();
        var constants = new ConstantRule(pair, map);
        var spread = new ChangeSpread(
            pair, map, constants, isModule, analyzer._changes, [.. AuthorMarkers.Read(pair.Patched).Select(static item => item.Atom)]);
        spread.Run();
        return new ChangeSet(
            analyzer._changes,
            [.. comparer.Forgiven, .. analyzer._placed, .. analyzer.Renamed()],
            [.. ignored, .. spread.Ignored])
        {
            ThroughCallers = spread.ThroughCallers,
            Constants = constants,
            Reached = spread.Reached,
            Removed = [.. pair.Original.Atoms.Where(atom => IsCompared(atom) && map.PatchedOf(atom) is null && !IsMadeAfresh(atom))],
        };
    }

    private void CompareAll(AtomComparer comparer)
    {
        foreach (var atom in _pair.Patched.Atoms)
        {
            if (!IsCompared(atom))
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
            if (change.Kind == ChangeKind.Same && PlacementRule.Compare(original, atom) is { IsHarmless: true } move)
            {
                _placed.Add(new ForgivenDifference(atom, move.Text));
            }
        }
    }

    private static bool IsCompared(Atom atom) =>
        atom.Kind is not (AtomKind.Literals or AtomKind.Attachment) && atom.Class is not (SectionClass.ModuleInfo or SectionClass.Marker);

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
        CorrelationRule.Body => "that name is gone, and the body is the same",
        CorrelationRule.Order => "of several such names it is the one in the same place",
        CorrelationRule.Users => "the same functions use it in the same way",
        CorrelationRule.Declaration => "it is declared in the same function",
        CorrelationRule.Moved => "it has the same name, type and users",
        CorrelationRule.Author => "the author says so",
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
        && (SymbolName.IsUnstable(symbol.Name) || atom.IsMadeAfresh);
}

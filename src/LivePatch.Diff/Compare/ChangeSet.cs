using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>What the patch did to every atom of the patched object.</summary>
public sealed class ChangeSet
{
    private readonly Dictionary<Atom, AtomChange> _changes;

    internal ChangeSet(
        Dictionary<Atom, AtomChange> changes, IReadOnlyList<ForgivenDifference> forgiven, IReadOnlyList<ForgivenDifference> ignored)
    {
        _changes = changes;
        Forgiven = forgiven;
        Ignored = ignored;
    }

    /// <summary>All atoms that are compared, by number.</summary>
    public IEnumerable<AtomChange> Changes => _changes.Values.OrderBy(static change => change.Patched.Index);

    /// <summary>Differences that were found not to matter.</summary>
    public IReadOnlyList<ForgivenDifference> Forgiven { get; }

    /// <summary>Changed functions that cannot be redirected, and the functions that are redirected in their place.</summary>
    public IReadOnlyDictionary<Atom, IReadOnlyList<Atom>> ThroughCallers { get; internal init; } = new Dictionary<Atom, IReadOnlyList<Atom>>();

    /// <summary>Atoms of the original object that the patched one no longer has, by number.</summary>
    public IReadOnlyList<Atom> Removed { get; internal init; } = [];

    /// <summary>Atoms that differ in nothing themselves and count as changed for what they use.</summary>
    public IReadOnlySet<Atom> Reached { get; internal init; } = new HashSet<Atom>();

    internal ConstantRule? Constants { get; init; }

    /// <summary>True when patched functions get a copy of this changed constant.</summary>
    public bool IsCopiedConstant(Atom patched) => Of(patched).Kind == ChangeKind.Changed && Constants?.IsCopied(patched) == true;

    /// <summary>What is known of the uses of a changed constant.</summary>
    public ConstantVerdict VerdictOf(Atom patched) => Constants?.Of(patched) ?? ConstantVerdict.NoConstant;

    /// <summary>Changes left out on the author's word.</summary>
    public IReadOnlyList<ForgivenDifference> Ignored { get; }

    /// <summary>What happened to an atom; atoms that are not compared by themselves count as same.</summary>
    public AtomChange Of(Atom patched) =>
        _changes.TryGetValue(patched, out var change) ? change : new AtomChange(patched, null, ChangeKind.Same);
}

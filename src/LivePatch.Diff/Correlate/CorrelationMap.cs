using System.Diagnostics.CodeAnalysis;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Correlate;

/// <summary>Which atom of the patched object is which of the original.</summary>
public sealed class CorrelationMap
{
    private readonly Dictionary<Atom, Atom> _toPatched = [];
    private readonly Dictionary<Atom, (Atom Original, CorrelationRule Rule)> _toOriginal = [];

    internal CorrelationMap()
    {
    }

    /// <summary>The author's pairs that were about these objects, as "OLD=NEW".</summary>
    public IReadOnlyCollection<string> AuthorsPairs { get; internal set; } = [];

    /// <summary>All pairs, in the patched object's order.</summary>
    public IEnumerable<(Atom Original, Atom Patched, CorrelationRule Rule)> Pairs =>
        _toOriginal.OrderBy(static pair => pair.Key.Index).Select(static pair => (pair.Value.Original, pair.Key, pair.Value.Rule));

    /// <summary>The patched counterpart of an original atom; null when it has none.</summary>
    public Atom? PatchedOf(Atom original) => _toPatched.GetValueOrDefault(original);

    /// <summary>The original counterpart of a patched atom; null when it is new.</summary>
    public Atom? OriginalOf(Atom patched) => _toOriginal.TryGetValue(patched, out var found) ? found.Original : null;

    /// <summary>The pair's rule.</summary>
    public bool TryGetRule(Atom patched, [NotNullWhen(true)] out CorrelationRule? rule)
    {
        rule = _toOriginal.TryGetValue(patched, out var found) ? found.Rule : null;
        return rule is not null;
    }

    internal void Add(Atom original, Atom patched, CorrelationRule rule)
    {
        _toPatched.Add(original, patched);
        _toOriginal.Add(patched, (original, rule));
    }

    internal bool IsFree(Atom original, Atom patched) =>
        !_toPatched.ContainsKey(original) && !_toOriginal.ContainsKey(patched);
}

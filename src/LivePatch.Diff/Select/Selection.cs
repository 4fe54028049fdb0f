using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>What goes into the livepatch module.</summary>
public sealed class Selection
{
    private readonly Dictionary<Atom, InclusionReason> _included;

    internal Selection(
        Dictionary<Atom, InclusionReason> included,
        IReadOnlyList<(Atom Original, Atom Patched)> replaced,
        IReadOnlyList<Atom> added)
    {
        _included = included;
        Replaced = replaced;
        Added = added;
        Atoms = [.. included.Keys.OrderBy(static atom => atom.Index)];
    }

    /// <summary>Nothing.</summary>
    public static Selection Empty { get; } = new([], [], []);

    /// <summary>Every atom that is copied, in the patched object's order.</summary>
    public IReadOnlyList<Atom> Atoms { get; }

    /// <summary>Functions of the running kernel that are redirected, with their replacements: one klp_func each.</summary>
    public IReadOnlyList<(Atom Original, Atom Patched)> Replaced { get; }

    /// <summary>Functions that are new.</summary>
    public IReadOnlyList<Atom> Added { get; }

    /// <summary>True when there is nothing to replace or add.</summary>
    public bool IsEmpty => _included.Count == 0;

    /// <summary>True when the atom is copied.</summary>
    public bool Contains(Atom atom) => _included.ContainsKey(atom);

    /// <summary>Why an atom is copied, the nearest reason first.</summary>
    public IEnumerable<InclusionReason> ReasonsFor(Atom atom)
    {
        for (var current = atom; current is not null && _included.TryGetValue(current, out var reason); current = reason.From)
        {
            yield return reason;
        }
    }
}

using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Spreads changes from the atoms that differ to those that must go along.
///
/// A split-off part that cannot be redirected by itself changes its parent, a function that cannot be redirected changes its
/// callers, and a constant that is copied changes all that reads it. The last is the hard one: between a constant and its readers may
/// lie what has no change of its own and is not compared by itself (tables the compiler makes of a switch, nameless images of
/// initialisers, entries of special tables, replacement code, descriptors of debug messages). The way goes through all of
/// these, up to functions and named data. What has a name in the running kernel and is not copied ends it: such data then counts as
/// changed, and whether that can be helped is decided elsewhere.
///
/// What the author told us to leave alone stays alone, whatever leads to it; that is said.
/// </summary>
internal sealed class ChangeSpread(
    ObjectPair pair, CorrelationMap map, ConstantRule constants, bool isModule, Dictionary<Atom, AtomChange> changes, HashSet<Atom> ignored)
{
    private readonly CallerRule _callers = new(pair, map, isModule);
    private readonly Dictionary<Atom, IReadOnlyList<Atom>> _throughCallers = [];
    private readonly Dictionary<Atom, ForgivenDifference> _heldBack = [];

    /// <summary>Changed functions that cannot be redirected, and those that are redirected in their place.</summary>
    public IReadOnlyDictionary<Atom, IReadOnlyList<Atom>> ThroughCallers => _throughCallers;

    /// <summary>What would have spread to something the author marked.</summary>
    public IReadOnlyList<ForgivenDifference> Ignored => [.. _heldBack.Values.OrderBy(static item => item.Patched.Index)];

    /// <summary>What differs in nothing itself.</summary>
    public HashSet<Atom> Reached { get; } = [];

    public void Run()
    {
        while (ThroughConstants() | ToParents() | ToLabelTables() | ToCallers())
        {
        }
    }

    private bool ThroughConstants()
    {
        var spread = false;
        foreach (var change in InOrder(
            static change => change.Kind == ChangeKind.Changed && change.Patched.Kind is AtomKind.Object or AtomKind.Anonymous))
        {
            // Where the one that is meant can be told, the comparison found whose constant changed.
            if (change is { Patched.Pieces: not null, Original.Pieces: not null })
            {
                continue;
            }

            if (change.Patched.Kind == AtomKind.Anonymous || constants.IsCopied(change.Patched))
            {
                spread |= FromConstant(change.Patched);
            }
        }

        return spread;
    }

    private bool FromConstant(Atom constant)
    {
        var spread = false;
        var seen = new HashSet<Atom> { constant };
        var queue = new Queue<Atom>(seen);
        while (queue.TryDequeue(out var atom))
        {
            foreach (var (from, _) in pair.Patched.ReferrersOf(atom))
            {
                if (!seen.Add(from) || from.Class is SectionClass.Marker or SectionClass.ModuleInfo or SectionClass.PrintkIndex)
                {
                    continue;
                }

                if (from is { Kind: AtomKind.Attachment, Parent: { } owner })
                {
                    spread |= Mark(owner, $"its entry in {from.Section.Name} leads to the constant {constant.Name}, which changed");
                }
                else if (!changes.ContainsKey(from))
                {
                    // It has no name to be told by in the running kernel, and comes along with whoever uses it.
                    queue.Enqueue(from);
                }
                else
                {
                    spread |= Mark(
                        from,
                        atom == constant
                            ? $"it uses the constant {constant.Name}, which changed"
                            : $"it reaches the constant {constant.Name}, which changed, by way of {atom.Name}");
                    if (from.Kind == AtomKind.Anonymous)
                    {
                        queue.Enqueue(from);
                    }
                }
            }
        }

        return spread;
    }

    private bool ToParents()
    {
        var spread = false;
        foreach (var atom in pair.Patched.Atoms.Where(static atom => atom.Kind == AtomKind.Function && atom.Parent is not null))
        {
            for (var part = atom; part.Parent is { } parent && IsPartOnly(part) && IsChanged(part); part = parent)
            {
                spread |= Mark(parent, $"its part {part.Name} changed");
            }
        }

        return spread;
    }

    /// <summary>Data that holds addresses inside a changed function must go with it, even when its own bytes are the same:
    /// the running copy leads into the old code.</summary>
    private bool ToLabelTables()
    {
        var spread = false;
        foreach (var atom in pair.Patched.Atoms.Where(static atom => atom.Kind == AtomKind.Object && atom.References.Count > 0))
        {
            foreach (var reference in atom.References)
            {
                if (reference.IsLabel && IsChanged(reference.Target!))
                {
                    spread |= Mark(atom, $"it holds an address inside {reference.Target!.Name}, which changed");
                }
            }
        }

        return spread;
    }

    /// <summary>What cannot be redirected is reached through its callers, if that is certain; see <see cref="CallerRule"/>.</summary>
    private bool ToCallers()
    {
        var spread = false;
        foreach (var change in InOrder(static change => change.Kind == ChangeKind.Changed))
        {
            var function = change.Patched;
            if (function is not { Kind: AtomKind.Function, Class: SectionClass.Code, Symbol: not null } || change.Original is not { Class: SectionClass.Code, FtraceSite: null }
                || SymbolName.IsCold(function.Name) || _throughCallers.ContainsKey(function)
                    || _callers.CallersOf(function) is not { } callers
                || callers.Any(ignored.Contains))
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
            foreach (var (from, _) in pair.Patched.ReferrersOf(function)
                .Where(static use => use.From is { Kind: AtomKind.Function, Class: SectionClass.Code }))
            {
                Mark(from, $"it calls {function.Name}, which changed");
            }
        }

        return spread;
    }

    private List<AtomChange> InOrder(Func<AtomChange, bool> wanted) =>
        [.. changes.Values.Where(wanted).OrderBy(static change => change.Patched.Index)];

    private bool IsChanged(Atom atom) => changes.TryGetValue(atom, out var change) && change.Kind == ChangeKind.Changed;

    /// <summary>A part that ftrace cannot redirect lives and dies with its parent.</summary>
    private bool IsPartOnly(Atom part) =>
        SymbolName.IsCold(part.Name) || (map.OriginalOf(part) ?? part).FtraceSite is null;

    private bool Mark(Atom atom, string reason)
    {
        if (!changes.TryGetValue(atom, out var change) || change.Kind != ChangeKind.Same)
        {
            return false;
        }

        if (ignored.Contains(atom))
        {
            _heldBack.TryAdd(atom, new ForgivenDifference(atom, $"the patch marks it to be ignored; {reason}"));
            return false;
        }

        changes[atom] = change with { Kind = ChangeKind.Changed, Reason = reason };
        Reached.Add(atom);
        return true;
    }
}

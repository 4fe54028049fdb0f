using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Finds variables that go under another name or in another place, so that their running value is not lost without a word.
///
/// A patch that moves a static local out of its function, or renames a variable, means the same variable; to the pairing by names one goes
/// and another one comes, at its initial value. What is left over of both objects is looked at again. The same name in the source, in
/// another function or at file scope, with the same type by the debugging information, the same initial value and a user in common, is the
/// same variable when nothing else fits as well; between two functions only when one was split off the other, or joined with it. Where that
/// does not agree, and where the name is another one, the author has to say (--pair OLD=NEW; an empty side says that the other one has no
/// counterpart), and the message names both.
///
/// A static local of a function that is gone goes with it: one of its name in a function that is new is another variable.
/// </summary>
internal sealed class VariableMover(ObjectPair pair, CorrelationMap map, DiffOptions options, DiagnosticBag diagnostics)
{
    private readonly UseEvidence _evidence = new(map);
    private readonly HashSet<Atom> _settled = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>True for variables about which nothing more is to be said.</summary>
    public bool IsSettled(Atom atom) => _settled.Contains(atom);

    /// <summary>The author's pairs that were about these objects, as "OLD=NEW".</summary>
    public IReadOnlyCollection<string> Used => _used;

    /// <summary>Pairs what the author pairs.</summary>
    public void PairByAuthor()
    {
        foreach (var (before, after) in options.Pairs)
        {
            var old = before.Length == 0 ? null : Named(pair.Original, before);
            var other = after.Length == 0 ? null : Named(pair.Patched, after);
            if ((before.Length > 0 && old is null) || (after.Length > 0 && other is null))
            {
                continue;
            }

            _used.Add($"{before}={after}");
            if (old is not null)
            {
                _settled.Add(old);
            }

            if (other is not null)
            {
                _settled.Add(other);
            }

            if (old is not null && other is not null && map.IsFree(old, other))
            {
                map.Add(old, other, CorrelationRule.Author);
            }

            diagnostics.Add(DiffDiagnostics.PairedByAuthor.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, (other ?? old)!.Name),
                old is null ? $"{other!.Name} is taken as new, and starts at its initial value."
                : other is null ? $"The running value of {old.Name} is given up."
                : $"{other.Name} is taken for {old.Name} of the running kernel."));
        }
    }

    /// <summary>Pairs what moved without a doubt, and refuses what seems to have moved or to be renamed.</summary>
    public void PairMoved(Func<Atom, bool> isAmbiguous)
    {
        var olds =
            pair.Original.Atoms.Where(
                atom => IsVariable(atom) && map.PatchedOf(atom) is null && !_settled.Contains(atom) && !isAmbiguous(atom)).ToList();
        var news = pair.Patched.Atoms.Where(atom => IsVariable(atom) && map.OriginalOf(atom) is null && !_settled.Contains(atom)).ToList();
        if (olds.Count == 0 || news.Count == 0)
        {
            return;
        }

        foreach (var old in olds)
        {
            var candidates =
                news.Where(
                    other =>
                        map.OriginalOf(other) is null && SourceName(pair.Original, old) == SourceName(pair.Patched, other)
                            && MayHaveMoved(old, other)).ToList();
            if (candidates.Count > 0)
            {
                PairMoved(old, candidates, olds);
            }
        }

        foreach (var old in olds.Where(old => map.PatchedOf(old) is null && !_settled.Contains(old)))
        {
            var reached = _evidence.ReachedFrom(pair.Original, old, isOriginal: true);
            foreach (var other in news.Where(
                other =>
                    map.OriginalOf(other) is null && !_settled.Contains(other) && IsSameSort(old, other) && IsSameScope(old, other)))
            {
                if (reached.Count > 0 && reached.SetEquals(_evidence.ReachedFrom(pair.Patched, other, isOriginal: false)))
                {
                    Refuse(
                        DiffRefusals.VariableRenamed,
                        old,
                        other,
                        $"The original has {Describe(pair.Original, old)}, which is gone; {Describe(pair.Patched, other)} has the same "
                            + $"type, initial value and users, and would start afresh.");
                }
            }
        }
    }

    private void PairMoved(Atom old, List<Atom> candidates, List<Atom> olds)
    {
        var reached = _evidence.ReachedFrom(pair.Original, old, isOriginal: true);
        if (reached.Count == 0)
        {
            return;
        }

        if (candidates is [var only] && IsSameSort(old, only) && HaveTypes(old, only)
            && HaveUsersOf(old, reached, only, _evidence.ReachedFrom(pair.Patched, only, isOriginal: false))
            && olds.Count(other => SourceName(pair.Original, other) == SourceName(pair.Original, old) && map.PatchedOf(other) is null) == 1)
        {
            map.Add(old, only, CorrelationRule.Moved);
            diagnostics.Add(DiffDiagnostics.VariableMoved.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, only.Name),
                $"{Describe(pair.Original, old)} of the original is {Describe(pair.Patched, only)} after the patch: its type, initial "
                    + $"value and users are the same, and its running value goes on."));
            return;
        }

        Refuse(
            DiffRefusals.VariableMoved,
            old,
            candidates[0],
            $"The original has {Describe(pair.Original, old)}, which is gone, and the patched object has "
                + $"{string.Join(" and ", candidates.Select(other => Describe(pair.Patched, other)))}. {Doubt(old, candidates)}");
    }

    /// <summary>True when the users of the one leave no doubt that it is the other: one in common, and when it moved from one function into
    /// another, no other than the function it came from or went to, which was split or joined.</summary>
    private bool HaveUsersOf(Atom old, HashSet<Atom> before, Atom other, HashSet<Atom> after)
    {
        if (!old.IsStaticLocal || !other.IsStaticLocal)
        {
            return before.Overlaps(after);
        }

        return IsOnly(after, pair.Original.VariableOf(old)?.Function) || IsOnly(before, pair.Patched.VariableOf(other)?.Function);

        static bool IsOnly(HashSet<Atom> users, string? function) => users.Count == 1 && users.First().Name == function;
    }

    private string Doubt(Atom old, List<Atom> candidates) =>
        candidates.Count > 1 ? "Which of them has its running value cannot be told."
        : !HaveTypes(old, candidates[0]) ? "There is no debugging information to tell that they are the same variable."
        : "Their types, initial values or users differ, so that it cannot be told whether they are the same variable.";

    private void Refuse(DiagnosticDescriptor descriptor, Atom old, Atom other, string text)
    {
        _settled.Add(old);
        _settled.Add(other);
        var (before, after) = (OptionName(pair.Original, old), OptionName(pair.Patched, other));
        diagnostics.Add(descriptor.At(
            DiagnosticLocation.InSymbol(pair.Patched.Name, other.Name),
            text,
            $"If they are one variable, say so with --pair {before}={after}. If {after} is a new one, give --pair ={after}"
            + (old.IsStaticLocal ? $", and --pair {before}= if the value of {before} is no longer wanted." : ".")));
    }

    private static bool IsVariable(Atom atom) =>
        atom is { Kind: AtomKind.Object, Symbol: not null, Size: > 0, IsMadeAfresh: false, Class: SectionClass.Data or SectionClass.PerCpu or SectionClass.Once }
        && !SymbolName.IsUnstable(atom.Name) && !atom.Name.Contains("__UNIQUE_ID_", StringComparison.Ordinal);

    private bool MayHaveMoved(Atom old, Atom other)
    {
        if (!old.IsStaticLocal || !other.IsStaticLocal)
        {
            return old.IsStaticLocal != other.IsStaticLocal;
        }

        // From one function into another: one of the two is on both sides.
        return pair.Original.VariableOf(old)?.Function is { } from && pair.Patched.VariableOf(other)?.Function is { } to && from != to
            && (pair.Patched.Debug.FunctionNames.Contains(from) || pair.Original.Debug.FunctionNames.Contains(to));
    }

    private bool IsSameScope(Atom old, Atom other) =>
        old.IsStaticLocal
            ? other.IsStaticLocal && pair.Original.VariableOf(old)?.Function is { } function
                && function == pair.Patched.VariableOf(other)?.Function
            : !other.IsStaticLocal;

    private bool IsSameSort(Atom old, Atom other) =>
        UseEvidence.LooksSame(old, other) && pair.Original.VariableOf(old)?.Type == pair.Patched.VariableOf(other)?.Type;

    private bool HaveTypes(Atom old, Atom other) => pair.Original.VariableOf(old) is not null && pair.Patched.VariableOf(other) is not null;

    private static string SourceName(KernelObject side, Atom atom) =>
        side.VariableOf(atom)?.Name ?? (atom.IsStaticLocal ? SymbolName.Family(atom.Name).Split('.')[^1] : atom.Name);

    private static string Describe(KernelObject side, Atom atom) =>
        side.VariableOf(atom) is { Function: { } function } variable ? $"the static variable {variable.Name} of {function}"
        : atom.IsStaticLocal ? $"the static variable {atom.Name}" : $"the variable {atom.Name}";

    private static string OptionName(KernelObject side, Atom atom) =>
        side.VariableOf(atom) is { Function: { } function } variable
            && side.Atoms.Count(other => side.VariableOf(other) is { } same && same.Name == variable.Name && same.Function == function) == 1
            ? $"{function}.{variable.Name}" : atom.Name;

    /// <summary>The variable of a name: that of a symbol, or FUNCTION.VARIABLE; null when there is none or several.</summary>
    private static Atom? Named(KernelObject side, string name)
    {
        var found = side.Atoms.Where(atom => atom.Kind == AtomKind.Object && atom.Symbols.Any(symbol => symbol.Name == name)).ToList();
        if (found.Count == 0 && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            found = [
                .. side.Atoms.Where(
                    atom =>
                        atom.Kind == AtomKind.Object && side.VariableOf(atom) is { } variable && variable.Name == name[(dot + 1)..]
                            && variable.Function == name[..dot])];
        }

        return found.Count == 1 ? found[0] : null;
    }
}

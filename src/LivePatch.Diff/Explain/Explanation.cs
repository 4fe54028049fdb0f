using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Explain;

/// <summary>
/// Accounts for a result: every section and symbol of it is there for a reason, everything that changed and is not there is
/// named, and so is everything that looked like a change and is none.
/// </summary>
public static class Explanation
{
    /// <summary>The entries, by kind and then in the patched object's order.</summary>
    public static IReadOnlyList<ExplanationEntry> Of(DiffResult diff)
    {
        if (diff.Changes is not { } changes)
        {
            return [];
        }

        return [.. Copied(diff), .. Literals(diff), .. Running(diff), .. LeftOut(diff, changes), .. Outliving(diff), .. Forgiven(changes)];
    }

    private static IEnumerable<ExplanationEntry> Copied(DiffResult diff) =>
        diff.Selection.Atoms.Select(atom => new ExplanationEntry(
            ExplanationKind.Copied, atom.Name, atom.Section.Name, [
                .. diff.Selection.ReasonsFor(atom).Select(static reason => reason.Text)]));

    private static IEnumerable<ExplanationEntry> Literals(DiffResult diff) =>
        References(diff)
            .Where(static use => use.Reference.Target is { Kind: AtomKind.Literals })
            .GroupBy(static use => (use.Reference.Target!.Section.Name, Objects.Literals.Describe(use.Reference)))
            .Select(static group => new ExplanationEntry(ExplanationKind.Literal, group.Key.Item2, group.Key.Name, [UsedBy(group)]));

    private static IEnumerable<ExplanationEntry> Running(DiffResult diff) =>
        References(diff)
            .Where(use => use.Reference.Target is null
                ? use.Reference.Relocation.Symbol.Index != 0
                : use.Reference.Target.Kind != AtomKind.Literals && !diff.Selection.Contains(use.Reference.Target))
            .GroupBy(use => RunningName(diff, use.Reference), StringComparer.Ordinal)
            .Select(
                static group =>
                    new ExplanationEntry(
                        ExplanationKind.Running, group.Key, string.Empty, [UsedBy(group) + ", and the running kernel has it"]));

    /// <summary>The running kernel has it under the original's name.</summary>
    private static string RunningName(DiffResult diff, Reference reference) =>
        reference.Target is { } target
            ? diff.Correlation?.OriginalOf(target)?.Name ?? target.Name
            : reference.Relocation.Symbol.DisplayName;

    private static IEnumerable<ExplanationEntry> LeftOut(DiffResult diff, ChangeSet changes) =>
        changes.Changes
            .Where(change => change.Kind != ChangeKind.Same && !diff.Selection.Contains(change.Patched))
            .Select(static change => new ExplanationEntry(
                ExplanationKind.LeftOut,
                change.Patched.Name,
                change.Patched.Section.Name,
                [change.Kind == ChangeKind.New ? "it is new, and nothing that is copied refers to it" : change.Reason!]))
            .Concat(
                changes.Ignored.Select(
                    static ignored =>
                        new ExplanationEntry(ExplanationKind.LeftOut, ignored.Patched.Name, ignored.Patched.Section.Name, [ignored.Text])));

    private static IEnumerable<ExplanationEntry> Outliving(DiffResult diff) =>
        diff.Outliving.Select(static found => new ExplanationEntry(
            ExplanationKind.Outlives, $"{found.Use.Where.Name}+0x{found.Use.Offset:x}", found.Use.Where.Section.Name, [found.Text]));

    private static IEnumerable<ExplanationEntry> Forgiven(ChangeSet changes) =>
        changes.Forgiven
            .GroupBy(static forgiven => forgiven.Patched)
            .OrderBy(static group => group.Key.Index)
            .Select(
                static group =>
                    new ExplanationEntry(
                        ExplanationKind.Forgiven,
                        group.Key.Name,
                        group.Key.Section.Name,
                        [.. group.Select(static forgiven => forgiven.Text)]));

    private static IEnumerable<(Atom From, Reference Reference)> References(DiffResult diff) =>
        diff.Selection.Atoms.SelectMany(static atom => atom.References.Select(reference => (atom, reference)));

    private static string UsedBy(IEnumerable<(Atom From, Reference Reference)> uses)
    {
        var names =
            uses.Select(static use => use.From.Kind == AtomKind.Attachment && use.From.Parent is { } parent ? parent.Name : use.From.Name)
                .Distinct()
                .ToList();
        return names.Count > 5
            ? $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more refer to it"
            : $"{string.Join(", ", names)} {(names.Count == 1 ? "refers" : "refer")} to it";
    }
}

using LivePatch.Diff.Accounting;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;
using LivePatch.Diff.Select;

namespace LivePatch.Diff.Explain;

/// <summary>Says of a patch that changes nothing that runs what it does change, so that nothing is passed over without a name.</summary>
public static class NoChangeText
{
    private const int MostNames = 5;

    /// <summary>One sentence.</summary>
    public static string Of(IEnumerable<DiffResult> results)
    {
        var all = results.ToList();
        var changes = all.Select(static result => result.Changes).OfType<ChangeSet>().ToList();
        var forgiven = changes.SelectMany(static change => change.Forgiven).ToList();
        var ignored = changes.SelectMany(static change => change.Ignored).Select(static item => item.Patched).ToList();
        var removed = changes.SelectMany(static change => change.Removed).ToList();
        var parts = new List<string>();
        Add("source line numbers in", forgiven.Where(static item => item.IsLine).Select(static item => item.Patched.Name));
        Add("names or sections of", forgiven.Where(static item => !item.IsLine).Select(static item => item.Patched.Name));
        Add("who sees", all.SelectMany(static result => result.Correlation?.Pairs ?? []).Where(static pair => IsBoundOtherwise(pair.Original, pair.Patched))
            .Select(static pair => pair.Patched.Name));
        Add("what is left out on the author's word:", ignored.Select(static atom => atom.Name));
        Add("what goes and stays in the running kernel:", removed.Select(static atom =>
            ExportNames.IsExport(atom) ? $"the export of {ExportNames.Exported(atom)}" : NameOf(atom)));
        Add("what comes and is used by nothing that runs:", Of(ChangeKind.New));
        Add("what has run, or is read by nothing that runs:", Of(ChangeKind.Changed));

        // What has no name of its own in the list of changes: flags of messages, entries of the index of messages, modinfo.
        var said = forgiven.Select(static item => item.Patched).Concat(ignored).Concat(removed).ToHashSet();
        Add("what nothing that runs reads:", all.SelectMany(static result => result.Ledger?.Claims ?? [])
            .Where(claim => claim is { Kind: ClaimKind.Forgiven, Atom: not null } && said.Add(claim.Atom))
                .Select(static claim => claim.Name));
        return parts.Count == 0
            ? "The patch changes no code that runs: the compiled objects are the same."
            : $"The patch changes no code that runs: the compiled objects are the same but for {string.Join("; ", parts)}.";

        IEnumerable<string> Of(ChangeKind kind) => changes.SelectMany(static change => change.Changes)
            .Where(change => change.Kind == kind && !ignored.Contains(change.Patched)).Select(static change => NameOf(change.Patched));

        void Add(string what, IEnumerable<string> names)
        {
            var distinct = names.Distinct(StringComparer.Ordinal).ToList();
            if (distinct.Count > 0)
            {
                parts.Add($"{what} {string.Join(", ", distinct.Take(MostNames))}{(distinct.Count > MostNames ? $" and {distinct.Count - MostNames} more" : string.Empty)}");
            }
        }
    }

    /// <summary>True when the linker sees a symbol otherwise than before: static, weak, for all.</summary>
    private static bool IsBoundOtherwise(Atom original, Atom patched) =>
        original.Symbol is { } before && patched.Symbol is { } after && before.Name == after.Name && before.Binding != after.Binding;

    private static string NameOf(Atom atom) => atom.Symbol is null ? $"an entry of {atom.Section.Name}" : atom.Name;
}

using LivePatch.Diff.Compare;
using LivePatch.Diff.Select;

namespace LivePatch.Diff.Explain;

/// <summary>Says of a patch that changes nothing that runs what it does change, so that nothing is passed over without a name.</summary>
public static class NoChangeText
{
    private const int MostNames = 5;

    /// <summary>One sentence.</summary>
    public static string Of(IEnumerable<DiffResult> results)
    {
        var changes = results.Select(static result => result.Changes).OfType<ChangeSet>().ToList();
        var forgiven = changes.SelectMany(static change => change.Forgiven).ToList();
        var parts = new List<string>();
        Add("source line numbers in", forgiven.Where(static item => item.IsLine).Select(static item => item.Patched.Name));
        Add("names or sections of", forgiven.Where(static item => !item.IsLine).Select(static item => item.Patched.Name));
        Add("what is left out on the author's word:", changes.SelectMany(static change => change.Ignored).Select(static item => item.Patched.Name));
        Add("what goes and stays in the running kernel:", changes.SelectMany(static change => change.Removed).Where(static atom => atom.Symbol is not null)
            .Select(static atom => ExportNames.IsExport(atom) ? $"the export of {ExportNames.Exported(atom)}" : atom.Name));
        return parts.Count == 0
            ? "The patch changes no code that runs: the compiled objects are the same."
            : $"The patch changes no code that runs: the compiled objects are the same but for {string.Join("; ", parts)}.";

        void Add(string what, IEnumerable<string> names)
        {
            var distinct = names.Distinct(StringComparer.Ordinal).ToList();
            if (distinct.Count > 0)
            {
                parts.Add($"{what} {string.Join(", ", distinct.Take(MostNames))}{(distinct.Count > MostNames ? $" and {distinct.Count - MostNames} more" : string.Empty)}");
            }
        }
    }
}

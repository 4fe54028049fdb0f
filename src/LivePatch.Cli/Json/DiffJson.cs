using System.Text.Json;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff;

namespace LivePatch.Cli.Json;

/// <summary>The result of 'klp-build diff --json'.</summary>
internal sealed record DiffJson(
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> New,
    IReadOnlyList<DiagnosticJson> Refusals,
    IReadOnlyList<string> Callbacks,
    IReadOnlyList<DiagnosticJson> Notes,
    IReadOnlyDictionary<string, int>? Account,
    IReadOnlyList<ExplainJson>? Explain)
{
    public static DiffJson From(DiffResult diff, IEnumerable<Diagnostic> diagnostics, bool explain)
    {
        var all = diagnostics.ToList();
        return new DiffJson(
            diff.Changed,
            diff.New,
            [.. all.Where(static item => item.IsFatal).Select(DiagnosticJson.From)],
            [],
            [.. all.Where(static item => !item.IsFatal).Select(DiagnosticJson.From)],
            diff.Ledger?.Totals()
                .ToDictionary(static total => JsonNamingPolicy.CamelCase.ConvertName(total.Kind.ToString()), static total => total.Count),
            explain ? ExplainJson.From(diff) : null);
    }
}

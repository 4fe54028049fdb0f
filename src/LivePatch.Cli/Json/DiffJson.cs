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
            explain ? ExplainJson.From(diff) : null);
    }
}

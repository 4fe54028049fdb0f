using LivePatch.Module.Extract;
using LivePatch.Pipeline;

namespace LivePatch.Cli.Json;

/// <summary>One compiled object of a build for machines.</summary>
internal sealed record BuildObjectJson(
    string Path,
    string? Object,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> New,
    IReadOnlyList<KlpNameJson> Replaced,
    IReadOnlyList<KlpNameJson> KlpSymbols,
    IReadOnlyList<ExplainJson>? Explain)
{
    public static BuildObjectJson From(ObjectComparison compared, ExtractedObject? extracted, bool explain) => new(
        compared.Path,
        compared.Owner.Name,
        compared.Diff.Changed,
        compared.Diff.New,
        [.. (extracted?.Replaced ?? []).Select(static function => new KlpNameJson(function.ObjectName, function.OldName, function.Sympos))],
        [.. (extracted?.KlpSymbols ?? []).Select(static symbol => new KlpNameJson(symbol.ObjectName, symbol.Name, symbol.Sympos))],
        explain ? ExplainJson.From(compared.Diff) : null);
}

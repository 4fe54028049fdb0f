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
    public static BuildObjectJson From(PatchedPart part, bool explain) => new(
        part.Path,
        part.Owner.Name,
        part.Diff.Changed,
        part.Diff.New,
        [.. (part.Extracted?.Replaced ?? []).Select(static function => new KlpNameJson(function.ObjectName, function.OldName, function.Sympos))],
        [.. (part.Extracted?.KlpSymbols ?? []).Select(static symbol => new KlpNameJson(symbol.ObjectName, symbol.Name, symbol.Sympos))],
        explain ? ExplainJson.From(part.Diff) : null);
}

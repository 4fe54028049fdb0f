using LivePatch.Diff;
using LivePatch.Module.Extract;

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
    public static BuildObjectJson From(string path, DiffResult diff, ExtractedObject? extracted, bool explain) => new(
        path,
        extracted?.ObjectName,
        diff.Changed,
        diff.New,
        [.. (extracted?.Replaced ?? []).Select(static function => new KlpNameJson(function.ObjectName, function.OldName, function.Sympos))],
        [.. (extracted?.KlpSymbols ?? []).Select(static symbol => new KlpNameJson(symbol.ObjectName, symbol.Name, symbol.Sympos))],
        explain ? ExplainJson.From(diff) : null);
}

namespace LivePatch.Cli.Json;

/// <summary>The result of 'klp-build inspect --json'.</summary>
internal sealed record InspectJson(
    string Name,
    string? Release,
    string? Vermagic,
    bool IsLivepatch,
    string? PatchSha256,
    IReadOnlyList<KlpNameJson> Replaces,
    IReadOnlyList<KlpNameJson> KlpSymbols,
    IReadOnlyDictionary<string, int> KlpRelocations,
    IReadOnlyList<string> Undefined,
    ProofJson? Proof);

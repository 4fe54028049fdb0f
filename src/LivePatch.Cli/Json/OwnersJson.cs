namespace LivePatch.Cli.Json;

/// <summary>The result of 'klp-build owners --json'.</summary>
internal sealed record OwnersJson(string Release, IReadOnlyList<OwnedFileJson> Files);

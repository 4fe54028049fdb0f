namespace LivePatch.Cli.Json;

/// <summary>A file that was asked for: what it becomes, or why it is not built.</summary>
internal sealed record OwnedFileJson(string Path, IReadOnlyList<OwnedObjectJson> Objects, string? Reason);

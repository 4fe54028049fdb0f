namespace LivePatch.Cli.Json;

/// <summary>A part of a module that the running kernel does not share.</summary>
internal sealed record PrivateJson(string Object, string Name, string Reason);

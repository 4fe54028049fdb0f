namespace LivePatch.Cli.Json;

/// <summary>A symbol of the running kernel as livepatching names it.</summary>
internal sealed record KlpNameJson(string Object, string Name, ulong Sympos);

namespace LivePatch.Cli.Json;

/// <summary>The result of 'klp-build verify --json'.</summary>
internal sealed record VerifyJson(
    bool Passed, string Log, double Seconds, string? Before, string? After, IReadOnlyList<DiagnosticJson> Diagnostics);

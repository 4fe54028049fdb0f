using LivePatch.Pipeline;

namespace LivePatch.Cli.Json;

/// <summary>The result of a build for machines (--json).</summary>
internal sealed record BuildJson(
    string Outcome,
    int ExitCode,
    string? Release,
    string? Name,
    string? Module,
    string? Sources,
    IReadOnlyList<BuildObjectJson> Objects,
    IReadOnlyList<DiagnosticJson> Diagnostics,
    IReadOnlyDictionary<string, double> Seconds,
    ProofJson? Proof)
{
    public static BuildJson From(PatchBuildResult result, ExitCode exitCode, bool explain) => new(
        result.Outcome.ToString().ToLowerInvariant(),
        (int)exitCode,
        result.Release,
        result.ModuleName,
        result.ModulePath,
        result.SourceDirectory,
        [.. result.Parts.Select(part => BuildObjectJson.From(part, explain))],
        [.. result.Diagnostics.Select(DiagnosticJson.From)],
        result.Timings.ToDictionary(static timing => timing.Stage, static timing => Math.Round(timing.Seconds, 3)),
        ProofJson.From(result.Proof));
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Cli.Json;

/// <summary>A diagnostic for machines.</summary>
internal sealed record DiagnosticJson(string Id, string Kind, string Where, string Text, string Remedy)
{
    public static DiagnosticJson From(Diagnostic diagnostic) => new(
        diagnostic.Id,
        diagnostic.Kind.ToString().ToLowerInvariant(),
        diagnostic.Location.ToString(),
        diagnostic.Text,
        diagnostic.Remedy);
}

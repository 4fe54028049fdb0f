using LivePatch.Diff;
using LivePatch.Diff.Explain;

namespace LivePatch.Cli.Json;

/// <summary>Why something is in the result or not: its chain of reasons, the nearest first.</summary>
/// <param name="Kind">"copied", "literal", "running" (stays in the kernel and is referred to), "leftOut", "outlives" or "forgiven".</param>
/// <param name="Name">The symbol, section or literal.</param>
/// <param name="Section">The section it lies in; empty for symbols outside the object.</param>
/// <param name="Reasons">Phrases.</param>
internal sealed record ExplainJson(string Kind, string Name, string Section, IReadOnlyList<string> Reasons)
{
    public static IReadOnlyList<ExplainJson> From(DiffResult diff) =>
        [.. Explanation.Of(diff).Select(static entry => new ExplainJson(Word(entry.Kind), entry.Name, entry.Section, entry.Reasons))];

    private static string Word(ExplanationKind kind) => kind switch
    {
        ExplanationKind.Copied => "copied",
        ExplanationKind.Literal => "literal",
        ExplanationKind.Running => "running",
        ExplanationKind.LeftOut => "leftOut",
        ExplanationKind.Outlives => "outlives",
        _ => "forgiven",
    };
}

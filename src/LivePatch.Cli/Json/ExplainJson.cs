using LivePatch.Diff;

namespace LivePatch.Cli.Json;

/// <summary>Why a symbol or section is in the result: its chain of reasons, the nearest first.</summary>
internal sealed record ExplainJson(string Name, string Section, IReadOnlyList<string> Reasons)
{
    public static IReadOnlyList<ExplainJson> From(DiffResult diff) =>
        [.. diff.Selection.Atoms.Select(atom => new ExplainJson(
            atom.Name, atom.Section.Name, [.. diff.Selection.ReasonsFor(atom).Select(static reason => reason.Text)]))];
}

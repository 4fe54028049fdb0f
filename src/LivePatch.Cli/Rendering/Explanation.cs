using LivePatch.Diff;
using LivePatch.Diff.Compare;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes why each symbol is in the result, and what looked like a change and is none.</summary>
internal static class Explanation
{
    public static void Write(TextWriter output, DiffResult diff)
    {
        foreach (var atom in diff.Selection.Atoms)
        {
            output.WriteLine($"{atom.Name} ({atom.Section.Name})");
            foreach (var reason in diff.Selection.ReasonsFor(atom))
            {
                output.WriteLine($"    because {reason.Text}");
            }
        }

        foreach (var change in diff.Changes?.Changes.Where(change => change.Kind != ChangeKind.Same && !diff.Selection.Contains(change.Patched)) ?? [])
        {
            output.WriteLine($"{change.Patched.Name} ({change.Patched.Section.Name}) is not in the result: {(change.Kind == ChangeKind.New ? "new, and nothing that is included refers to it" : change.Reason)}");
        }
    }
}

using LivePatch.Diff;
using LivePatch.Diff.Explain;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes why each symbol is in the result, and what looked like a change and is none.</summary>
internal static class ExplanationText
{
    public static void Write(TextWriter output, DiffResult diff)
    {
        foreach (var entry in Explanation.Of(diff))
        {
            var place = entry.Section.Length == 0 ? entry.Name : $"{entry.Name} ({entry.Section})";
            output.WriteLine(place + entry.Kind switch
            {
                ExplanationKind.Running => " stays in the running kernel",
                ExplanationKind.LeftOut => " is not in the result",
                ExplanationKind.Forgiven => " looked different, which does not count",
                _ => string.Empty,
            });
            foreach (var reason in entry.Reasons)
            {
                output.WriteLine($"    because {reason}");
            }
        }
    }
}

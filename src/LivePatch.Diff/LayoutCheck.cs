using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Layout;
using LivePatch.Elf.Dwarf;

namespace LivePatch.Diff;

/// <summary>
/// Compares the layouts of structures in two versions of an object by their debugging information, which the kernel's own flags have in the
/// objects (-g) and which does not change the code. What is said about it is said once for all objects of a patch.
/// </summary>
public static class LayoutCheck
{
    /// <summary>The types that differ, or why that cannot be told.</summary>
    public static (IReadOnlyList<LayoutChange> Changes, string? Problem) Compare(DwarfObject original, DwarfObject patched)
    {
        if (original.HasInformation && original.SaysTheSameAs(patched))
        {
            return ([], null);
        }

        return original.Types is { } old && patched.Types is { } other
            ? (LayoutComparer.Compare(old, other), null)
            : ([], original.Problem ?? patched.Problem ?? "Its debugging information cannot be read.");
    }

    /// <summary>Refusals, and warnings of what was accepted or could not be checked, for all compared objects of a patch.</summary>
    /// <param name="results">Each object's path and comparison.</param>
    /// <param name="accepted">Types the author accepts.</param>
    public static IReadOnlyList<Diagnostic> Report(
        IEnumerable<(string Path, DiffResult Diff)> results, IReadOnlyCollection<string> accepted)
    {
        var report = new LayoutReport(accepted);
        var diagnostics = new List<Diagnostic>();

        // An object that is linked into several modules has been compared for each.
        foreach (var (path, diff) in results.Where(static result => result.Diff.Pair is not null).DistinctBy(static result => result.Path))
        {
            report.Add(path, diff.LayoutChanges);
            if (diff.LayoutProblem is { } problem)
            {
                diagnostics.Add(LayoutDiagnostics.NotChecked.At(path, problem));
            }
        }

        diagnostics.AddRange(report.Diagnostics());
        return diagnostics;
    }
}

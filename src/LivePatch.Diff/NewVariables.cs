using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;
using LivePatch.Diff.Select;

namespace LivePatch.Diff;

/// <summary>New writable variables in a livepatch that the next one will replace: that has its own, which starts at the initial
/// value.</summary>
public static class NewVariables
{
    /// <summary>One warning for each.</summary>
    public static IEnumerable<Diagnostic> Check(DiffResult result) =>
        result.Selection.Atoms
            .Where(
                atom =>
                    atom is { Kind: AtomKind.Object, Class: SectionClass.Data, Symbol: not null }
                        && result.Changes?.Of(atom).Kind == ChangeKind.New)
            .Select(atom => DiffDiagnostics.NewVariable.At(
                DiagnosticLocation.InSymbol(result.Pair!.Patched.Name, atom.Name),
                "It lives in the livepatch. When a later livepatch replaces this one its value is lost, and pointers to it lead into "
                    + "freed memory."));
}

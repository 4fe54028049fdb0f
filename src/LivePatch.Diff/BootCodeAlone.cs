using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff;

/// <summary>
/// Finds patches of whose effect only boot code would have had anything: a helper or a constant that is used nowhere else. That boot code
/// comes out otherwise is a note beside code that is patched; alone it is the whole fix, which would be lost without a word.
/// </summary>
public static class BootCodeAlone
{
    /// <summary>A refusal for each function of boot code that would have changed; none when anything that stays is patched.</summary>
    /// <param name="results">All objects of the patch.</param>
    public static IReadOnlyList<Diagnostic> Check(IEnumerable<DiffResult> results)
    {
        var all = results.ToList();
        return all.TrueForAll(static result => result.IsNoChange)
            ?
            [
                .. all.SelectMany(static result => result.Diagnostics)
                    .Where(static item => item.Id == DiffDiagnostics.BootCode.Id)
                    .Select(static item => DiffRefusals.ChangedInit.At(
                        item.Location,
                        "It has run when a livepatch comes and is gone from memory, and all that the patch changes is in such code.")),
            ]
            : [];
    }
}

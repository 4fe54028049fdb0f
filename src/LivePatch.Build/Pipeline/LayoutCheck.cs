using LivePatch.Build.Kbuild;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Layout;
using LivePatch.Elf;
using LivePatch.Elf.Dwarf;

namespace LivePatch.Build.Pipeline;

/// <summary>
/// Compares the layouts of structures in compiled pairs by their debugging information, which the kernel's own flags have in the objects (-g)
/// and which does not change the code.
/// </summary>
internal static class LayoutCheck
{
    /// <summary>Compares all pairs.</summary>
    /// <param name="pairs">Objects before and after.</param>
    /// <param name="accepted">Types the author accepts.</param>
    /// <returns>Refusals, and warnings of what was accepted or could not be checked.</returns>
    public static IReadOnlyList<Diagnostic> Run(IReadOnlyList<(CompiledObject Before, CompiledObject After)> pairs, IReadOnlyCollection<string> accepted)
    {
        var report = new LayoutReport(accepted);
        var found = new (IReadOnlyList<LayoutChange> Changes, string? Reason)[pairs.Count];
        Parallel.For(0, pairs.Count, index => found[index] = Compare(pairs[index].Before, pairs[index].After));
        var diagnostics = new List<Diagnostic>();
        for (var index = 0; index < pairs.Count; index++)
        {
            report.Add(pairs[index].Before.Path, found[index].Changes);
            if (found[index].Reason is { } reason)
            {
                diagnostics.Add(LayoutDiagnostics.NotChecked.At(pairs[index].Before.Path, reason));
            }
        }

        diagnostics.AddRange(report.Diagnostics());
        return diagnostics;
    }

    private static (IReadOnlyList<LayoutChange> Changes, string? Reason) Compare(CompiledObject before, CompiledObject after)
    {
        using var original = ElfObject.Read(before.File, before.Path);
        using var patched = ElfObject.Read(after.File, after.Path);
        return DwarfTypes.TryRead(original, out var reason) is { } old && DwarfTypes.TryRead(patched, out reason) is { } other
            ? (LayoutComparer.Compare(old, other), null)
            : ([], reason);
    }
}

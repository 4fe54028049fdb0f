using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>What could not be made sure of while reading is told once it matters: when the code or data in question is to be
/// copied.</summary>
internal static class DoubtRule
{
    public static void Check(Selection selection, DiagnosticBag diagnostics)
    {
        foreach (var atom in selection.Atoms)
        {
            foreach (var doubt in atom.References.Select(static reference => reference.Doubt).Append(atom.Doubt).OfType<Diagnostic>())
            {
                diagnostics.Add(doubt);
            }
        }
    }

    /// <summary>Code that leaves a section whose bounds the kernel looks at, with what it looks for.</summary>
    public static void CheckSections(Selection selection, string objectName, DiagnosticBag diagnostics)
    {
        foreach (var (_, patched) in selection.Replaced)
        {
            if (SectionMeaning.Of(patched.Section.Name) is { } meaning)
            {
                diagnostics.Add(DiffDiagnostics.LeavesSection.At(
                    DiagnosticLocation.InSymbol(
                        objectName, patched.Name), $"The new function is not in {patched.Section.Name} of the kernel: {meaning}."));
            }
        }
    }
}

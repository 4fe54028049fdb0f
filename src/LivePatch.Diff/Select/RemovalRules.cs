using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// What the patch takes away. A livepatch takes nothing away: what the kernel read at boot has had its effect, and tables
/// keep their entries. Where that is the whole meaning of the removal it is refused; where code is merely no longer there to be
/// called, the author is told that it stays.
/// </summary>
internal sealed class RemovalRules(ObjectPair pair, ChangeSet changes, DiagnosticBag diagnostics)
{
    public void Check()
    {
        foreach (var atom in changes.Removed)
        {
            Check(atom);
        }
    }

    private void Check(Atom atom)
    {
        switch (atom.Class)
        {
            case SectionClass.Initcall:
                Report(DiffRefusals.Initcall, atom, "The patch removes this initcall, which has run; what it set up stays.");
                break;
            case SectionClass.Parameter when atom.Kind == AtomKind.Object:
                Report(DiffRefusals.Initcall, atom, "The patch removes this parameter, which was read at boot or load.");
                break;
            case SectionClass.Tracepoint when atom.Kind == AtomKind.Object && !atom.Name.StartsWith("__tpstrtab", StringComparison.Ordinal):
                Report(
                    DiffRefusals.NewTracepoint,
                    atom,
                    $"The patch removes this entry of {atom.Section.Name}, which was registered at boot or load.");
                break;
            case SectionClass.Export when ExportNames.IsExport(atom):
                Report(
                    DiffDiagnostics.Stays,
                    atom,
                    $"The patch takes the export of {ExportNames.Exported(atom)} away; the running kernel's table of exports keeps it.");
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData when CollectedTables.Contains(atom):
                Report(
                    DiffRefusals.ChangedSection,
                    atom,
                    $"The patch removes this entry of {atom.Section.Name}, and the running kernel's table keeps it.");
                break;
            case SectionClass.Code when atom.Kind == AtomKind.Function && atom.IsGlobal && !SymbolName.IsCold(atom.Name)
                && !IsDefined(atom):
                Report(
                    DiffDiagnostics.Stays,
                    atom,
                    "The patch takes this function away. The running kernel keeps it, for all calls from code that is not patched; a "
                        + "weak definition elsewhere does not take its place.");
                break;
        }
    }

    private bool IsDefined(Atom atom) =>
        atom.Symbols.Any(symbol => pair.Patched.Elf.FindSymbols(symbol.Name).Any(static found => found.Section is not null));

    private void Report(DiagnosticDescriptor descriptor, Atom atom, string text) =>
        diagnostics.Add(descriptor.At(
            atom.Symbol is null
                ? DiagnosticLocation.InSection(pair.Original.Name, atom.Section.Name)
                : DiagnosticLocation.InSymbol(pair.Original.Name, atom.Name), text));
}

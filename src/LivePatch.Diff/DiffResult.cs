using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Accounting;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Layout;
using LivePatch.Diff.Objects;
using LivePatch.Diff.Select;

namespace LivePatch.Diff;

/// <summary>What the engine found out about one pair of objects.</summary>
/// <param name="Pair">The objects; null when they could not be read.</param>
/// <param name="Correlation">What is which.</param>
/// <param name="Changes">What the patch did.</param>
/// <param name="Selection">What goes into the module.</param>
/// <param name="Diagnostics">Refusals, errors and notes.</param>
public sealed record DiffResult(
    ObjectPair? Pair,
    CorrelationMap? Correlation,
    ChangeSet? Changes,
    Selection Selection,
    DiagnosticBag Diagnostics)
{
    /// <summary>The account of every piece of both objects; null when a fatal diagnostic came before it.</summary>
    public Ledger? Ledger { get; init; }

    /// <summary>Each instruction that leaves an address of the livepatch with the kernel.</summary>
    public IReadOnlyList<OutlivingAddress> Outliving { get; init; } = [];

    /// <summary>Structures, unions and enumerations that lie differently in memory. What is said about them is said once for all objects of
    /// a patch.</summary>
    public IReadOnlyList<LayoutChange> LayoutChanges { get; init; } = [];

    /// <summary>Why layouts could not be compared; null when they were.</summary>
    public string? LayoutProblem { get; init; }

    /// <summary>What of the author's word in the options was about this pair of objects: pairs as "OLD=NEW", functions as their
    /// names.</summary>
    public IReadOnlySet<string> AuthorsWordUsed { get; init; } = new HashSet<string>();

    /// <summary>Names of the functions that are replaced, as in the patched object.</summary>
    public IReadOnlyList<string> Changed => [.. Selection.Replaced.Select(static pair => pair.Patched.Name)];

    /// <summary>Names of the functions that are new, as in the patched object.</summary>
    public IReadOnlyList<string> New => [.. Selection.Added.Select(static atom => atom.Name)];

    /// <summary>True when the patch does nothing that runs, and nothing was refused.</summary>
    public bool IsNoChange => !Diagnostics.HasFatal && Selection.IsEmpty;
}

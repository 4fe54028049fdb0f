namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>The seam between the fixtures and what judges them.</summary>
public interface IDiffRunner
{
    /// <summary>Compares the two objects of a case.</summary>
    DiffOutcome Run(DiffRequest request);
}

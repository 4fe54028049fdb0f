using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Module.Extract;
using LivePatch.Proof;

namespace LivePatch.Pipeline;

/// <summary>What a build made.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Diagnostics">Everything reported, in pipeline order.</param>
public sealed record PatchBuildResult(PatchBuildOutcome Outcome, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Release of the target kernel; null when none was found.</summary>
    public string? Release { get; init; }

    /// <summary>Name of the module.</summary>
    public string? ModuleName { get; init; }

    /// <summary>The finished .ko; null unless built.</summary>
    public string? ModulePath { get; init; }

    /// <summary>The directory with the module's sources; null unless built.</summary>
    public string? SourceDirectory { get; init; }

    /// <summary>The run's temporary directory, where it was asked to be kept.</summary>
    public string? KeptDirectory { get; init; }

    /// <summary>The comparison of each compiled object, refused ones included.</summary>
    public IReadOnlyList<ObjectComparison> Comparisons { get; init; } = [];

    /// <summary>What was extracted from each changed object.</summary>
    public IReadOnlyList<ExtractedObject> Objects { get; init; } = [];

    /// <summary>What the proof of the module looked at; null when there was none.</summary>
    public ProofResult? Proof { get; init; }

    /// <summary>Seconds each stage took, in order.</summary>
    public IReadOnlyList<(string Stage, double Seconds)> Timings { get; init; } = [];
}

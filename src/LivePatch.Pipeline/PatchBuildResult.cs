using LivePatch.Core.Diagnostics;
using LivePatch.Proof;

namespace LivePatch.Pipeline;

/// <summary>What a build made. The comparisons in it refer to mapped objects, which are closed with it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Diagnostics">Everything reported, in pipeline order.</param>
public sealed record PatchBuildResult(PatchBuildOutcome Outcome, IReadOnlyList<Diagnostic> Diagnostics) : IDisposable
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

    /// <summary>The compared objects, refused ones included; with what was extracted of them where nothing was refused.</summary>
    public IReadOnlyList<PatchedPart> Parts { get; init; } = [];

    /// <summary>What the proof of the module looked at; null when there was none.</summary>
    public ProofResult? Proof { get; init; }

    /// <summary>Seconds each stage took, in order.</summary>
    public IReadOnlyList<(string Stage, double Seconds)> Timings { get; init; } = [];

    /// <summary>What is closed with the result.</summary>
    internal IReadOnlyList<IDisposable> Opened { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var item in Opened)
        {
            item.Dispose();
        }
    }
}

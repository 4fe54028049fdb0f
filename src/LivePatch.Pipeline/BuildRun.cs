using System.Diagnostics;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Module.Emit;

namespace LivePatch.Pipeline;

/// <summary>
/// What all passes of one build have at hand: what was asked for, the world outside, and what is reported.
///
/// A pass returns a value or throws <see cref="DiagnosticException"/>. One that goes on after something fatal, so that the user sees all of
/// it, reports into <see cref="Diagnostics"/> and ends with <see cref="EndIfFatal"/>.
/// </summary>
/// <param name="options">What was asked for.</param>
/// <param name="runner">Starts programs.</param>
/// <param name="progress">Told what is done.</param>
internal sealed class BuildRun(PatchBuildOptions options, IProcessRunner runner, IBuildProgress progress) : IDisposable
{
    private readonly List<(string Stage, double Seconds)> _timings = [];
    private readonly List<IDisposable> _opened = [];
    private Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>What was asked for.</summary>
    public PatchBuildOptions Options { get; } = options;

    /// <summary>Starts programs.</summary>
    public IProcessRunner Runner { get; } = runner;

    /// <summary>Told what is done.</summary>
    public IBuildProgress Progress { get; } = progress;

    /// <summary>Everything reported so far.</summary>
    public DiagnosticBag Diagnostics { get; } = [];

    /// <summary>Name of the module.</summary>
    public string ModuleName { get; } = options.Name ?? ModuleNameRules.FromPatches(options.Patches);

    /// <summary>What is known of the result so far.</summary>
    public PatchBuildResult Result { get; set; } = new(PatchBuildOutcome.Failed, []);

    /// <summary>Closes something together with the result, which refers to it.</summary>
    public void CloseWithResult(IDisposable opened)
    {
        lock (_opened)
        {
            _opened.Add(opened);
        }
    }

    /// <summary>A stage is over.</summary>
    public void Lap(string stage)
    {
        _timings.Add((stage, _clock.Elapsed.TotalSeconds));
        _clock = Stopwatch.StartNew();
    }

    /// <summary>Ends the build when something fatal was reported.</summary>
    /// <exception cref="DiagnosticException">Something was.</exception>
    public void EndIfFatal()
    {
        if (Diagnostics.HasFatal)
        {
            throw Failure();
        }
    }

    /// <summary>What ends the build with everything reported, which it takes with it.</summary>
    public DiagnosticException Failure()
    {
        var all = Diagnostics.ToList();
        Diagnostics.Clear();
        return new DiagnosticException(all);
    }

    /// <summary>The result. It owns what was opened for it.</summary>
    /// <param name="outcome">How the build ended, as far as nothing fatal was reported.</param>
    public PatchBuildResult Finish(PatchBuildOutcome outcome)
    {
        var worst = Diagnostics.Any(static item => item.Kind == DiagnosticKind.Error) ? PatchBuildOutcome.Failed
            : Diagnostics.Any(static item => item.Kind == DiagnosticKind.Refusal) ? PatchBuildOutcome.Refused
            : outcome;
        return Result with { Outcome = worst, Diagnostics = [.. Diagnostics], Timings = _timings, Opened = _opened };
    }

    /// <summary>Closes what was opened, when there is no result that owns it.</summary>
    public void Dispose() => _opened.ForEach(static item => item.Dispose());
}

using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild;

namespace LivePatch.Pipeline.Passes;

/// <summary>Gathers what fails while many objects are compiled: the other objects' messages are wanted too, but not the same one a hundred
/// times, as when a header does not compile. Safe for use from several threads.</summary>
internal sealed class CompileFailures
{
    private const int MostObjects = 20;
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>What failed: all of the first few objects, then how many more there were.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics
    {
        get
        {
            lock (_diagnostics)
            {
                var sorted = _diagnostics.OrderBy(static item => item.Location.ToString(), StringComparer.Ordinal).ToList();
                var more = sorted.Count - MostObjects;
                return more <= 0
                    ? sorted
                    : [.. sorted.Take(MostObjects), BuildDiagnostics.PatchedFails.Anywhere($"{more} more like these.")];
            }
        }
    }

    /// <summary>Runs something, and keeps the diagnostics it ends with.</summary>
    public async ValueTask CatchAsync(Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (DiagnosticException failure)
        {
            lock (_diagnostics)
            {
                _diagnostics.AddRange(failure.Diagnostics);
            }
        }
    }
}

using LivePatch.Core.IO;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Pipeline;

/// <summary>The temporary directory of a build, which goes with it unless it was asked to stay.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly BuildRun _run;
    private readonly RunDirectory _directory;

    /// <summary>Makes it.</summary>
    public ScratchDirectory(BuildRun run, CacheDirectory cache)
    {
        _run = run;
        _directory = cache.NewTemporary(run.Options.KeepTemp);
    }

    /// <summary>The directory.</summary>
    public string Path => _directory.Path;

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory.Dispose();
        if (_run.Options.KeepTemp)
        {
            _run.Progress.Log($"kept {Path}");
            _run.Result = _run.Result with { KeptDirectory = Path };
        }
    }
}

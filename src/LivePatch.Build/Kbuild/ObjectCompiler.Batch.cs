using LivePatch.Build.BuildFiles;
using LivePatch.Build.Trees;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Kbuild;

/// <summary>Making the originals of a patch of many files.</summary>
public sealed partial class ObjectCompiler
{
    /// <summary>Makes all originals that are not in the cache with one make on all cores: reading the makefiles takes longer
    /// than compiling, and one make does it once. What fails is left for <see cref="OriginalAsync"/>, which explains.</summary>
    public async Task MakeOriginalsAsync(IReadOnlyList<string> objectPaths, int jobs, CancellationToken cancellationToken)
    {
        if (objectPaths.Count(path => Cached(path) is null) < 2)
        {
            return;
        }

        using var held = await CacheLock.TakeAsync(
            tree.Directory, () => progress.Stage("waiting for another klp-build on this kernel"), cancellationToken).ConfigureAwait(false);
        var missing = objectPaths.Where(path => Cached(path) is null && KbuildRules.WhyNotBuilt(tree.Root, path) is null).ToList();
        if (missing.Count < 2)
        {
            return;
        }

        progress.Stage($"compiling {missing.Count} objects as they are");
        missing.ForEach(Forget);
        await new KbuildMake(tree, runner, progress).RunAsync(tree.Root, missing, jobs, cancellationToken).ConfigureAwait(false);
        foreach (var path in missing)
        {
            await KeepAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CompiledObject>> NewAsync(IReadOnlyList<string> objectPaths, string overlayRoot, int jobs, CancellationToken cancellationToken) =>
        new NewObjectCompiler(tree, runner, progress).CompileAsync(objectPaths, overlayRoot, jobs, cancellationToken);

    /// <summary>Removes an object from the tree: what an interrupted run left behind may be half of one that looks up to date.</summary>
    private void Forget(string objectPath)
    {
        try
        {
            File.Delete(Path.Combine(tree.Root, objectPath));
            File.Delete(Path.Combine(tree.Root, CompileCommand.FileFor(objectPath)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(tree.Root, problem.Message));
        }
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Compile;

/// <summary>Making the originals of a patch of many files.</summary>
public sealed partial class ObjectCompiler
{
    /// <summary>Makes all originals that are not in the cache on all cores: by their commands, and those that do not compile so with one
    /// make. What fails is left for <see cref="OriginalAsync"/>, which explains.</summary>
    public async Task MakeOriginalsAsync(IReadOnlyList<string> objectPaths, int jobs, CancellationToken cancellationToken)
    {
        var items = new List<KbuildObject>();
        foreach (var path in objectPaths)
        {
            if (await database.FindAsync(path, cancellationToken).ConfigureAwait(false) is { Owners.Count: > 0 } item)
            {
                items.Add(item);
            }
        }

        if (items.Count(item => Cached(item) is null) < 2)
        {
            return;
        }

        await ReplayOriginalsAsync(items, jobs, cancellationToken).ConfigureAwait(false);
        if (items.Count(item => Cached(item) is null) < 2)
        {
            return;
        }

        using var held = await CacheLock.TakeAsync(
            tree.Directory, () => progress.Stage("waiting for another klp-build on this kernel"), cancellationToken).ConfigureAwait(false);
        var missing = items.Where(item => Cached(item) is null).ToList();
        if (missing.Count < 2)
        {
            return;
        }

        progress.Stage($"making {missing.Count} objects");
        missing.ForEach(item => Forget(AskedFor(item)));
        await new KbuildMake(tree, runner, progress)
            .RunAsync(tree.Root, [.. missing.Select(AskedFor)], jobs, cancellationToken)
            .ConfigureAwait(false);
        foreach (var item in missing)
        {
            await KeepAsync(item, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CompiledObject>> NewAsync(
        IReadOnlyList<string> objectPaths, string overlayRoot, int jobs, CancellationToken cancellationToken) =>
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

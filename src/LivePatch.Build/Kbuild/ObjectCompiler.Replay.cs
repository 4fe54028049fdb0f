using LivePatch.Build.Headers;
using LivePatch.Build.Trees;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Build.Kbuild;

/// <summary>Making the originals of objects whose commands are known.</summary>
public sealed partial class ObjectCompiler
{
    /// <summary>Makes those that are not in the cache. What fails is left for <see cref="OriginalAsync"/>, which explains.</summary>
    private async Task ReplayOriginalsAsync(IReadOnlyList<KbuildObject> objects, int jobs, CancellationToken cancellationToken)
    {
        var missing = objects.Where(item => item is { IsC: true, Command: not null } && Cached(item) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        using var held = await CacheLock.TakeAsync(
            tree.Directory, () => progress.Stage("waiting for another klp-build on this kernel"), cancellationToken).ConfigureAwait(false);
        progress.Stage(missing.Count == 1 ? $"compiling {missing[0].Path} as it is" : $"compiling {missing.Count} objects as they are");
        var counter = new WorkCounter(progress, "compiling as it is", missing.Count);
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = cancellationToken }, async (item, token) =>
        {
            await ReplayOriginalAsync(item, token).ConfigureAwait(false);
            counter.Done(item.Path);
        }).ConfigureAwait(false);
    }

    private async Task ReplayOriginalAsync(KbuildObject item, CancellationToken cancellationToken)
    {
        var file = Path.Combine(tree.Objects, item.Path);
        var command = item.Command!.WithCompiler(tree.Inputs.Toolchain.Program).WithoutLinkTimeObjtool();
        try
        {
            CacheDirectory.Make(Path.GetDirectoryName(file)!);
            await ReplayToAsync(command, file, cancellationToken).ConfigureAwait(false);
            AtomicFile.WriteText(file + ".cmd", command.Text);
        }
        catch (DiagnosticException failure) when (failure.Diagnostics.All(static item => item.Descriptor == BuildDiagnostics.OriginalFails))
        {
            // It may need files that Kbuild makes first: OriginalAsync asks Kbuild, and explains.
            progress.Log($"{item.Path} does not compile by itself");
        }
    }

    /// <summary>Runs a command in the work tree with the object going into a file of the cache, which is there when all is done.</summary>
    private async Task ReplayToAsync(CompileCommand command, string file, CancellationToken cancellationToken)
    {
        var temporary = $"{file}.{Environment.ProcessId}.tmp.o";
        try
        {
            await ReplayAsync(command.WithOutput(temporary), tree.Root, temporary, BuildDiagnostics.OriginalFails, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
            File.Delete(temporary + ".d");
        }
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Compile;

/// <summary>Making the originals of objects whose commands are known.</summary>
public sealed partial class ObjectCompiler
{
    private const int MostAttempts = 3;

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
        var command = item.Command!.WithCompiler(tree.Inputs.Toolchain.Program).WithoutLinkTimeObjtool();
        try
        {
            await ReplayToAsync(command, _kept.FileFor(item.Path), cancellationToken).ConfigureAwait(false);
        }
        catch (DiagnosticException failure) when (failure.Diagnostics.All(static item => item.Descriptor == BuildDiagnostics.OriginalFails))
        {
            // It may need files that Kbuild makes first: OriginalAsync asks Kbuild, and explains.
            progress.Log($"{item.Path} does not compile by itself");
        }
    }

    /// <summary>Runs a command in the work tree and keeps the object in a file of the cache, which is there when all is done.</summary>
    /// <param name="command">The command.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <param name="usesGenerated">It is known to need files that Kbuild makes; else its dependencies tell.</param>
    private async Task ReplayToAsync(CompileCommand command, string file, CancellationToken cancellationToken, bool usesGenerated = false)
    {
        using var scratch = RunDirectory.Make(tree.Directory);
        var made = Path.Combine(scratch.Path, Path.GetFileName(file));
        await ReplayAsync(command.WithOutput(made), tree.Root, made, made + ".d", BuildDiagnostics.OriginalFails, cancellationToken)
            .ConfigureAwait(false);
        usesGenerated |= tree.Guard is { } guard && DependencyFile.TryRead(made + ".d", tree.Root)?.Exists(guard.IsGenerated) == true;
        _kept.Keep(made, file, command.Text, usesGenerated);
    }

    /// <summary>
    /// Runs a command, and looks afterwards whether what it read was right. Damaged files of the tree are put back, and the command runs
    /// again; so it does when it failed and the tree was damaged anywhere.
    /// </summary>
    private async Task<string> ReplayAsync(
        CompileCommand command, string root, string file, string dependencies, DiagnosticDescriptor failure,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            string output;
            try
            {
                output = await RunAsync(command, root, file, failure, cancellationToken).ConfigureAwait(false);
            }
            catch (DiagnosticException)
            {
                if (await tree.CheckAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }

                continue;
            }

            var used = DependencyFile.TryRead(dependencies, root, tree.Root);
            if (used is null
                ? await tree.CheckAllAsync(cancellationToken).ConfigureAwait(false)
                : await tree.CheckAsync(used.Concat(NamedBy(command, root)), cancellationToken).ConfigureAwait(false))
            {
                return output;
            }
        }

        throw new DiagnosticException(
            BuildDiagnostics.TreeChanges.At(tree.Root, $"Files of it were damaged each time {command.ObjectPath} was compiled."));
    }

    /// <summary>Files of the tree that a command names: programs it runs, plugins, what is included by an option.</summary>
    private IEnumerable<string> NamedBy(CompileCommand command, string root) =>
        command.Text.Split([' ', '=', ',', ';', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => TreePath.FromCommand(TreePath.FromCommand(word, root), tree.Root)).Where(path => tree.Guard?.Has(path) == true);
}

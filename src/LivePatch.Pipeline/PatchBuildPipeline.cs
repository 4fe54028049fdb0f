using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Trees;
using LivePatch.Pipeline.OutOfTree;
using LivePatch.Pipeline.Passes;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline;

/// <summary>
/// The passes of a build, in their order. Each is a type of its own under Passes/; what differs between the kernel's own source and that
/// of a module outside its tree is behind <see cref="ISourceUnderPatch"/>.
/// </summary>
public sealed class PatchBuildPipeline(IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>Builds a livepatch module. User mistakes come back as diagnostics in the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing half-written is left.</exception>
    public async Task<PatchBuildResult> RunAsync(PatchBuildOptions options, CancellationToken cancellationToken)
    {
        var run = new BuildRun(options, runner, progress);
        try
        {
            return run.Finish(await BuildAsync(run, cancellationToken).ConfigureAwait(false));
        }
        catch (DiagnosticException failure)
        {
            run.Diagnostics.AddRange(failure.Diagnostics);
            return run.Finish(PatchBuildOutcome.Failed);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    private static async Task<PatchBuildOutcome> BuildAsync(BuildRun run, CancellationToken cancellationToken)
    {
        // What is wrong with the words of the command line is known at once, whatever the kernel.
        var cache = new CacheDirectory(run.Options.Cache);
        NamePass.Run(run);
        var source = Open(run);

        // Where the target's parts lie, and that they belong together.
        var target = await FindTargetPass.RunAsync(run, source, cancellationToken).ConfigureAwait(false);

        // From here on the target is fixed. Its symbols are read while the compiler runs.
        await using var reading = TargetTablesReading.Start(run, target, source.Additional, cache.Images, cancellationToken);
        run.Lap("find");

        // A tree to compile in: of the kernel one that is kept, of a module a copy.
        using var temporary = new ScratchDirectory(run, cache);
        using var sourceTree = await source.PrepareAsync(target, cache, temporary.Path, cancellationToken).ConfigureAwait(false);
        run.Lap("prepare");

        // What the patch touches, and whether such a thing can be livepatched at all.
        var patches = ReadPatchesPass.Run(run, sourceTree.Tree);
        var plan = ClassifyPass.Run(run, sourceTree, patches);

        // Apply it to a tree of links, before any compiler runs: a patch that does not fit is the commonest mistake.
        using var patched = await ApplyPass.RunAsync(run, sourceTree.Tree, patches, temporary.Path, cancellationToken)
            .ConfigureAwait(false);

        // Both trees are there now: what the patch builds is read from their makefiles.
        var inputs = await sourceTree.GeneratorInputsAsync(plan, cancellationToken).ConfigureAwait(false);
        var units = await PlanUnitsPass.RunAsync(run, sourceTree, patched, plan, inputs, cancellationToken).ConfigureAwait(false);
        run.Lap("apply");

        // What the build generates from changed files changes too; a changed header is compiled in everything that reads differently with
        // it.
        var generated = await sourceTree.GenerateAsync(inputs, plan, patched.Overlay, temporary.Path, cancellationToken)
            .ConfigureAwait(false);
        patched.AddGenerated(generated);
        units = await HeaderUnitsPass.RunAsync(run, sourceTree, patched, plan, generated, units, temporary.Path, cancellationToken)
            .ConfigureAwait(false);

        // From here on it is fixed what is compiled. Each object before and after.
        var parts = await CompilePass.RunAsync(run, sourceTree.Compiler, patched, units, cancellationToken).ConfigureAwait(false);
        run.Lap("compile");
        var removed = await RemovedSourcesPass.RunAsync(run, sourceTree.Compiler, units, cancellationToken).ConfigureAwait(false);

        // The target's tables are needed from here on.
        run.Progress.Stage("reading the kernel image");
        var tables = await reading.Tables.ConfigureAwait(false);
        run.Lap("image");

        // Compare, and refuse everything that must be refused, in one go. From here on it is fixed what changes.
        parts = await ComparePass.RunAsync(run, parts, patches, sourceTree.Tree, tables, cancellationToken).ConfigureAwait(false);
        if (ComparePass.ChangesNothing(run, parts))
        {
            return PatchBuildOutcome.NoChange;
        }

        // Take out what was selected, and bind it to the target and to the other objects. From here on it is fixed what the module
        // contains.
        parts = await ExtractPass.RunAsync(run, parts, removed, sourceTree.Compiler, tables, cancellationToken).ConfigureAwait(false);
        if (ExtractPass.ReplacesNothing(run, parts))
        {
            return PatchBuildOutcome.NoChange;
        }

        run.Lap("compare");

        // The module as the kernel's own build makes it.
        var manifest = ManifestPass.Run(run, target, tables, patches, parts);
        var linked = await LinkPass.RunAsync(run, manifest, target, temporary.Path, cancellationToken).ConfigureAwait(false);
        run.Lap("link");

        // What the file says of itself; and then whether it does what the objects say, which nothing that made it is asked.
        var finished = VerifyPass.Run(run, linked, tables);
        run.Lap("check");
        ProvePass.Run(run, finished, parts, tables);
        run.Lap("proof");

        // Only a module that passed every check appears under the user's name for it.
        PublishPass.Run(run, manifest, target, finished);
        run.Lap("write");
        return PatchBuildOutcome.Built;
    }

    private static ISourceUnderPatch Open(BuildRun run) =>
        run.Options.OutOfTree is { } outOfTree ? ModuleSource.Open(run, outOfTree) : new KernelSource(run);
}

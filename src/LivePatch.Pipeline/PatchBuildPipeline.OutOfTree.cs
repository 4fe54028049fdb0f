using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Trees;
using LivePatch.Module.Emit;
using LivePatch.Module.Target;
using LivePatch.Patches;
using LivePatch.Pipeline.OutOfTree;

namespace LivePatch.Pipeline;

/// <summary>The passes in front of the common ones when the patched module is built outside the kernel tree.</summary>
public sealed partial class PatchBuildPipeline
{
    private async Task<PatchBuildOutcome?> BuildOutOfTreeAsync(
        PatchBuildOptions options, OutOfTreeOptions outOfTree, string moduleName, CacheDirectory cache, CancellationToken cancellationToken)
    {
        var source = Path.GetFullPath(outOfTree.SourceDirectory).TrimEnd('/');
        var arguments = MakeArgumentList.Sort(outOfTree.MakeArguments, Environment.GetEnvironmentVariable("KBUILD_EXTRA_SYMBOLS"));
        var modules = GivenModule.TryRead(outOfTree.ModuleFiles, options.Release, _diagnostics) ?? throw new DiagnosticException([.. TakeDiagnostics()]);

        if (modules.FirstOrDefault(module => ModuleNameRules.IsSame(module.Name, moduleName)) is { } same)
        {
            throw new DiagnosticException(BuildDiagnostics.NameTaken.Anywhere($"{moduleName} is the name of {same.Path}."));
        }

        _progress.Stage("finding the target kernel");
        var target = await FindTargetAsync(
            options with { Release = modules[0].Release, Compiler = options.Compiler ?? arguments.Compiler, Llvm = options.Llvm ?? arguments.Llvm },
            cancellationToken).ConfigureAwait(false);
        _result = _result with { Release = target.Release };
        var additional = GivenModule.Additional(outOfTree, modules, arguments);
        var imageTask = Task.Run(() => TargetTables.Load(target, cache.Images, options.SkipCompilerCheck, additional), cancellationToken);
        Lap("find");

        return await InTemporaryAsync(cache, options, async temporary =>
        {
            _progress.Stage("copying the module's source");
            var tree = new WorkTree(WorkTreeInputs.For(target), Path.Combine(temporary, "module-source"));
            ModuleSourceCopy.Make(source, tree.Root);
            Lap("prepare");

            var patches = ReadPatches(options.Patches, tree);
            var plan = PatchClassifier.Classify(patches, path => File.Exists(Path.Combine(tree.Root, path)), _diagnostics);
            _diagnostics.AddRange(plan.SourceFiles.Where(path => !File.Exists(Path.Combine(tree.Root, path)))
                .Select(static path => OutOfTreeDiagnostics.SourceAdded.At(path, "The module has no such file, and the patch adds it.")));
            _diagnostics.AddRange(plan.Inputs.Select(static item => item.Refusal));
            if (_diagnostics.HasFatal)
            {
                return null;
            }

            using var compiler = new ModuleSourceCompiler(tree, source, arguments, new ModuleOwnership(modules, target.Architecture), _runner, _progress);
            return await BuildInAsync(temporary, options, moduleName, target, tree, compiler, patches, plan, imageTask, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Runs passes in a directory of their own.</summary>
    private async Task<PatchBuildOutcome?> InTemporaryAsync(CacheDirectory cache, PatchBuildOptions options, Func<string, Task<PatchBuildOutcome?>> passes)
    {
        using var temporary = cache.NewTemporary(options.KeepTemp);
        try
        {
            return await passes(temporary.Path).ConfigureAwait(false);
        }
        finally
        {
            if (options.KeepTemp)
            {
                _progress.Log($"kept {temporary.Path}");
                _result = _result with { KeptDirectory = temporary.Path };
            }
        }
    }
}

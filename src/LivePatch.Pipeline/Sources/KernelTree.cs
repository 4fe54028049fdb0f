using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Generated;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Sources;

/// <summary>The kernel's work tree, with the compile database that says what it builds.</summary>
internal sealed class KernelTree : ISourceTree
{
    private readonly BuildRun _run;
    private readonly CompileDatabase _database;
    private GeneratedPass? _generatedPass;

    /// <summary>Nothing is read or made yet.</summary>
    public KernelTree(BuildRun run, WorkTree tree)
    {
        _run = run;
        Tree = tree;
        _database = new CompileDatabase(tree, run.Runner, run.Progress);
        Compiler = new ObjectCompiler(tree, _database, run.Runner, run.Progress);
    }

    /// <inheritdoc/>
    public WorkTree Tree { get; }

    /// <inheritdoc/>
    public IObjectCompiler Compiler { get; }

    /// <summary>Nothing is refused beforehand: of files that are no sources the build is asked first what it makes of them.</summary>
    public void Refuse(PatchPlan plan)
    {
    }

    /// <summary>
    /// The changed files that no object is compiled from, and from which the build generates something, or which it runs for that. What
    /// is no such file and no source either is refused here. Asking takes Kbuild's answer about the whole kernel, so it is asked only
    /// where a file may be one.
    /// </summary>
    public async Task<IReadOnlyList<string>> GeneratorInputsAsync(PatchPlan plan, CancellationToken cancellationToken)
    {
        var candidates = plan.Inputs.Select(static item => item.Path)
            .Concat(plan.Ignored.Where(static path => path.StartsWith("scripts/", StringComparison.Ordinal)))
            .ToList();
        var finder = new OwnerFinder(Tree, _database);
        foreach (var source in plan.SourceFiles.Where(path =>
            File.Exists(Path.Combine(Tree.Root, path)) && !KbuildRules.IsListed(Tree.Root, Path.ChangeExtension(path, ".o"))))
        {
            if ((await finder.FindAsync(source, cancellationToken).ConfigureAwait(false)).Objects.Count == 0)
            {
                candidates.Add(source);
            }
        }

        if (candidates.Count == 0)
        {
            return [];
        }

        var pass = await GeneratedPassAsync(cancellationToken).ConfigureAwait(false);
        var inputs = candidates.Where(pass.IsInput).ToList();
        _run.Diagnostics.AddRange(plan.Inputs.Where(item => !inputs.Contains(item.Path)).Select(static item => item.Refusal));
        return inputs;
    }

    /// <inheritdoc/>
    public async Task<IBuiltObjects> BuiltObjectsAsync(PatchPlan plan, CancellationToken cancellationToken) =>
        await DatabaseObjects.LoadAsync(Tree, _database, plan, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GenerateAsync(
        IReadOnlyList<string> inputs, PatchPlan plan, PatchOverlay overlay, string temporary, CancellationToken cancellationToken)
    {
        if (plan.Headers.Count + inputs.Count == 0)
        {
            return [];
        }

        var pass = await GeneratedPassAsync(cancellationToken).ConfigureAwait(false);
        var generated = await pass.FollowAsync([.. inputs, .. plan.Headers], overlay, temporary, _run.Options.Jobs, cancellationToken)
            .ConfigureAwait(false);
        _run.Lap("generate");
        _run.EndIfFatal();
        return generated;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ObjectsReachedAsync(
        IReadOnlyList<string> headers,
        IReadOnlyList<string> generated,
        UnitPlan units,
        PatchOverlay overlay,
        string temporary,
        CancellationToken cancellationToken)
    {
        var own = units.Units.Select(static unit => unit.Object).Concat(units.Removed).ToHashSet(StringComparer.Ordinal);
        var objects = await new HeaderPass(Tree, _database, _run.Runner, _run.Progress, _run.Diagnostics)
            .ObjectsAsync(headers, generated, own, overlay, temporary, _run.Options.Jobs, _run.Options.MaxObjects, cancellationToken)
                .ConfigureAwait(false);
        return [.. objects.Select(static item => item.Path)];
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private async Task<GeneratedPass> GeneratedPassAsync(CancellationToken cancellationToken)
    {
        if (_generatedPass is null)
        {
            _generatedPass = new GeneratedPass(Tree, _database, _run.Runner, _run.Progress, _run.Diagnostics);
            await _generatedPass.LoadAsync(_run.Options.Jobs, cancellationToken).ConfigureAwait(false);
        }

        return _generatedPass;
    }
}

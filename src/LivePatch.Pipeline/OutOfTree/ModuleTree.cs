using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Trees;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>The copy of a module's source. There is no database of it: its makefiles are read, and make is asked.</summary>
internal sealed class ModuleTree(BuildRun run, WorkTree tree, ModuleSourceCompiler compiler) : ISourceTree
{
    /// <inheritdoc/>
    public WorkTree Tree { get; } = tree;

    /// <inheritdoc/>
    public IObjectCompiler Compiler => compiler;

    /// <summary>No source may be added, and what is no source has no meaning here.</summary>
    public void Refuse(PatchPlan plan)
    {
        run.Diagnostics.AddRange(plan.SourceFiles.Where(path => !Tree.HasFile(path))
            .Select(static path => OutOfTreeDiagnostics.SourceAdded.At(path, "The module has no such file, and the patch adds it.")));
        run.Diagnostics.AddRange(plan.Inputs.Select(static item => item.Refusal));
    }

    /// <summary>None: what a module's makefiles generate is not known.</summary>
    public Task<IReadOnlyList<string>> GeneratorInputsAsync(PatchPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public Task<IBuiltObjects> BuiltObjectsAsync(PatchPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<IBuiltObjects>(new ListedObjects(Tree.Root));

    /// <summary>None: see <see cref="GeneratorInputsAsync"/>.</summary>
    public Task<IReadOnlyList<string>> GenerateAsync(
        IReadOnlyList<string> inputs, PatchPlan plan, PatchOverlay overlay, string temporary, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ObjectsReachedAsync(
        IReadOnlyList<string> headers,
        IReadOnlyList<string> generated,
        UnitPlan units,
        PatchOverlay overlay,
        string temporary,
        CancellationToken cancellationToken)
    {
        var all = await compiler.ObjectsIncludingAsync(headers, cancellationToken).ConfigureAwait(false);
        var objects = all.Where(path => !units.Units.Any(unit => unit.Object == path)).ToList();
        var says = $"{all.Count} of the module's objects include {string.Join(", ", headers)}.";
        run.Progress.Stage(says.TrimEnd('.'));
        if (objects.Count > run.Options.MaxObjects)
        {
            run.Diagnostics.Add(HeaderDiagnostics.TooMany.At(headers[0], says));
            return [];
        }

        run.Diagnostics.Add((all.Count == 0 ? HeaderDiagnostics.NotIncluded : HeaderDiagnostics.Objects).At(headers[0], says));
        return objects;
    }

    /// <inheritdoc/>
    public void Dispose() => compiler.Dispose();
}

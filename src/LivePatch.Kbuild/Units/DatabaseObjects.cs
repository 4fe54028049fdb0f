using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Units;

/// <summary>What the kernel's compile database knows of a patch's sources.</summary>
public sealed class DatabaseObjects : IBuiltObjects
{
    private readonly Dictionary<string, IReadOnlyList<KbuildObject>> _objects = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    private DatabaseObjects()
    {
    }

    /// <summary>Asks the database.</summary>
    /// <param name="tree">The unpatched tree.</param>
    /// <param name="database">The database.</param>
    /// <param name="plan">What the patch does.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public static async Task<DatabaseObjects> LoadAsync(
        WorkTree tree, CompileDatabase database, PatchPlan plan, CancellationToken cancellationToken)
    {
        var result = new DatabaseObjects();
        var finder = new OwnerFinder(tree, database);
        foreach (var source in plan.SourceFiles.Concat(plan.DeletedSources).Concat(plan.Renamed.Values).Distinct())
        {
            var found = await finder.FindAsync(source, cancellationToken).ConfigureAwait(false);
            result._objects[source] = found.Objects;
            if (found.Reason is not null)
            {
                result._reasons[source] = found.Reason;
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ObjectsOf(string source) =>
        Known(source) is { Count: > 0 } found ? [.. found.Select(static item => item.Path)] : [Path.ChangeExtension(source, ".o")];

    /// <inheritdoc/>
    public string? WhyNotBuilt(string source) => _reasons.GetValueOrDefault(source);

    /// <inheritdoc/>
    public bool IsLibrary(string objectPath) => _objects.Values.Any(found => found.Any(item => item.Path == objectPath && item.IsLibrary));

    /// <inheritdoc/>
    public bool IsBuilt(string source) =>
        Known(source).Any(item => item.Owners.Count > 0 && item.Source == source && item.Path == Path.ChangeExtension(source, ".o"));

    private IReadOnlyList<KbuildObject> Known(string source) => _objects.GetValueOrDefault(source, []);
}

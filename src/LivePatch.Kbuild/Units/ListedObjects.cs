using LivePatch.Kbuild.Makefiles;

namespace LivePatch.Kbuild.Units;

/// <summary>What the makefile of a source's own directory lists: for modules outside the kernel tree, for which there is no
/// database.</summary>
public sealed class ListedObjects(string tree) : IBuiltObjects
{
    /// <inheritdoc/>
    public IReadOnlyList<string> ObjectsOf(string source) => KbuildRules.ObjectsOf(tree, source);

    /// <inheritdoc/>
    public string? WhyNotBuilt(string source) => null;

    /// <inheritdoc/>
    public bool IsLibrary(string objectPath) => KbuildRules.IsLibraryObject(tree, objectPath);

    /// <inheritdoc/>
    public bool IsBuilt(string source)
    {
        var own = Path.ChangeExtension(source, ".o");
        return KbuildRules.WhyNotBuilt(tree, own) is null && KbuildRules.ObjectsOf(tree, source).Contains(own);
    }
}

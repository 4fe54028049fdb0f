using LivePatch.Patches;

namespace LivePatch.Pipeline.Passes;

/// <summary>The patched tree.</summary>
/// <param name="overlay">A tree of links to the unpatched one, with the patches applied.</param>
/// <param name="changed">What the patches touch, by path; a file that a rename takes away is among it.</param>
/// <param name="isKept">It stays when the build is over.</param>
internal sealed class PatchedTree(PatchOverlay overlay, IEnumerable<string> changed, bool isKept) : IDisposable
{
    private readonly HashSet<string> _changed = new(changed, StringComparer.Ordinal);

    /// <summary>The tree of links.</summary>
    public PatchOverlay Overlay { get; } = overlay;

    /// <summary>The files that differ from the unpatched tree's, by path.</summary>
    public IReadOnlySet<string> Changed => _changed;

    /// <summary>Generated files that came out otherwise were put into the tree.</summary>
    public void AddGenerated(IEnumerable<string> files) => _changed.UnionWith(files);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isKept)
        {
            Overlay.Dispose();
        }
    }
}

using LivePatch.Build.Trees;

namespace LivePatch.Build.Patches;

/// <summary>
/// The patched tree as a tree of links to the base tree: only directories on the way to patched files are real, and
/// only those files are copies. It takes a few hundred links instead of eighty thousand files, and the base is never
/// written to. Compiling in it gives the same relative paths, so __FILE__ and includes come out the same.
/// </summary>
public sealed class PatchOverlay : IDisposable
{
    private readonly string _base;

    private PatchOverlay(string baseTree, string root)
    {
        _base = baseTree;
        Root = root;
    }

    /// <summary>The patched tree.</summary>
    public string Root { get; }

    /// <summary>Makes an overlay.</summary>
    /// <param name="baseTree">The tree to stand on; absolute.</param>
    /// <param name="overlayDirectory">Where; must not exist.</param>
    /// <param name="realFiles">Files that are copies, by path in the tree; missing ones get their directory only.</param>
    /// <param name="realDirectories">Directories that are real, by path in the tree.</param>
    public static PatchOverlay Create(string baseTree, string overlayDirectory, IEnumerable<string> realFiles, IEnumerable<string> realDirectories)
    {
        var overlay = new PatchOverlay(Path.GetFullPath(baseTree), Path.GetFullPath(overlayDirectory));
        overlay.MakeReal(string.Empty);
        foreach (var directory in realDirectories)
        {
            overlay.EnsureRealDirectory(directory);
        }

        foreach (var file in realFiles)
        {
            overlay.EnsureRealFile(file);
        }

        return overlay;
    }

    /// <summary>Makes a directory, and those above it, real.</summary>
    public void EnsureRealDirectory(string relative)
    {
        var current = string.Empty;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            current = current.Length == 0 ? part : $"{current}/{part}";
            var path = Path.Combine(Root, current);
            if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null })
            {
                continue;
            }

            File.Delete(path);
            MakeReal(current);
        }
    }

    /// <summary>Makes a file a copy of the base's; a file the base does not have gets its directory only.</summary>
    public void EnsureRealFile(string relative)
    {
        EnsureRealDirectory(Path.GetDirectoryName(relative) ?? string.Empty);
        var path = Path.Combine(Root, relative);
        var source = Path.Combine(_base, relative);
        if (new FileInfo(path) is { LinkTarget: not null } && File.Exists(source))
        {
            File.Delete(path);
            File.Copy(source, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CacheDirectory.Remove(Root);

    private void MakeReal(string relative)
    {
        var target = Path.Combine(Root, relative);
        Directory.CreateDirectory(target);
        var source = Path.Combine(_base, relative);
        if (!Directory.Exists(source))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            // Build results stay out: a compiler would write through the link.
            if (!entry.Name.EndsWith(".o", StringComparison.Ordinal) && !entry.Name.EndsWith(".cmd", StringComparison.Ordinal) && !entry.Name.EndsWith(".d", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(target, entry.Name), entry.FullName);
            }
        }
    }
}

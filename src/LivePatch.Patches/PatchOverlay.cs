using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>
/// The patched tree as a tree of links to the base tree: only directories on the way to patched files are real, and
/// only those files are copies. It takes a few hundred links instead of eighty thousand files, and the base is never
/// written to. Compiling in it gives the same relative paths, so __FILE__ and includes come out the same.
/// </summary>
/// <remarks>All methods throw <see cref="DiagnosticException"/> (LP0002) when the file system refuses (full disk,
/// permissions).</remarks>
public sealed class PatchOverlay : IDisposable
{
    private readonly string _base;
    private readonly HashSet<string> _real = [];
    private readonly HashSet<string> _seen = [];

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
    public static PatchOverlay Create(
        string baseTree, string overlayDirectory, IEnumerable<string> realFiles, IEnumerable<string> realDirectories)
    {
        var overlay = new PatchOverlay(Path.GetFullPath(baseTree), Path.GetFullPath(overlayDirectory));
        try
        {
            overlay.Guarded(() => overlay.MakeReal(string.Empty));
            overlay.EnsureRealDirectories(realDirectories);
            foreach (var file in realFiles)
            {
                overlay.EnsureRealFile(file);
            }
        }
        catch (DiagnosticException)
        {
            overlay.Dispose();
            throw;
        }

        return overlay;
    }

    /// <summary>True when a directory is no link, nor lies below one.</summary>
    public bool IsReal(string directory) => _real.Contains(directory.TrimEnd('/'));

    /// <summary>Makes directories, and those above them, real.</summary>
    public void EnsureRealDirectories(IEnumerable<string> directories)
    {
        foreach (var directory in directories)
        {
            EnsureRealDirectory(directory);
        }
    }

    /// <summary>Makes a directory, and those above it, real.</summary>
    public void EnsureRealDirectory(string relative) => Guarded(() =>
    {
        var current = string.Empty;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            current = current.Length == 0 ? part : $"{current}/{part}";
            var path = Path.Combine(Root, current);
            if (_real.Contains(current))
            {
                // GNU patch removes a directory with its last file. The base's files must not come back with it.
                Directory.CreateDirectory(path);
                continue;
            }

            File.Delete(path);
            MakeReal(current);
        }
    });

    /// <summary>Makes a file a copy of the base's; a file the base does not have, or a patch has removed, gets its
    /// directory only.</summary>
    public void EnsureRealFile(string relative)
    {
        EnsureRealDirectory(Path.GetDirectoryName(relative) ?? string.Empty);
        Guarded(() =>
        {
            var path = Path.Combine(Root, relative);
            var source = Path.Combine(_base, relative);
            if (new FileInfo(path) is { LinkTarget: not null } && File.Exists(source))
            {
                File.Delete(path);
                File.Copy(source, path);
            }
        });
    }

    /// <summary>
    /// Links what has come into the base since the overlay was made: headers that Kbuild made on the way to an original object.
    /// What the patch took away, or put there, is left alone.
    /// </summary>
    public void LinkGenerated() => Guarded(() =>
    {
        foreach (var directory in _real)
        {
            Link(directory);
        }
    });

    /// <summary>
    /// Makes what Kbuild has generated in a directory of the base a copy, with its record: Kbuild, asked for something in the overlay, may
    /// make it again, and would write through a link.
    /// </summary>
    public void CopyGenerated(string directory) => Guarded(() =>
    {
        var source = new DirectoryInfo(Path.Combine(_base, directory));
        if (!source.Exists || !IsReal(directory))
        {
            return;
        }

        foreach (var record in source.EnumerateFiles(".*.cmd", AllEntries))
        {
            var name = record.Name[1..^".cmd".Length];
            var target = Path.Combine(Root, directory, name);
            if (name.EndsWith(".o", StringComparison.Ordinal) || new FileInfo(target) is not { LinkTarget: not null, Exists: true })
            {
                continue;
            }

            File.Delete(target);
            File.Copy(Path.Combine(source.FullName, name), target);
            File.Copy(record.FullName, Path.Combine(Root, directory, record.Name), overwrite: true);
        }
    });

    /// <summary>Removes the overlay; the links in it are removed and not followed.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Root))
            {
                Directory.Delete(Root, recursive: true);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Left for the next run: it lies in this run's temporary directory, which that one removes.
        }
    }

    private void MakeReal(string relative)
    {
        _real.Add(relative);
        Directory.CreateDirectory(Path.Combine(Root, relative));
        Link(relative);
    }

    /// <summary>Links every entry of a base directory that has not been linked before.</summary>
    private void Link(string relative)
    {
        var source = new DirectoryInfo(Path.Combine(_base, relative));

        // GNU patch removes a directory with its last file.
        if (!source.Exists || !Directory.Exists(Path.Combine(Root, relative)))
        {
            return;
        }

        foreach (var entry in source.EnumerateFileSystemInfos("*", AllEntries))
        {
            var link = Path.Combine(Root, relative, entry.Name);
            if (!IsBuildResult(entry.Name) && _seen.Add(Path.Combine(relative, entry.Name)) && !Path.Exists(link))
            {
                File.CreateSymbolicLink(link, entry.FullName);
            }
        }
    }

    /// <summary>Build results stay out: a compiler would write through the link, into the base.</summary>
    private static bool IsBuildResult(string name) =>
        name.EndsWith(".o", StringComparison.Ordinal)
        || (name.StartsWith('.') && (name.EndsWith(".cmd", StringComparison.Ordinal) || name.EndsWith(".d", StringComparison.Ordinal)));

    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(DiagnosticLocation.InFile(Root), problem.Message));
        }
    }
}

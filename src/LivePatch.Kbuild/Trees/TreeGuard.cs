using System.Collections.Concurrent;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Progress;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// Keeps a work tree what it was made as. A file that was changed in it would be compiled into the module as if it were the patch's or the
/// kernel's, without a word; so what is used is compared with the tree's manifest, and what differs is put back from a
/// tree made anew. What is in the tree and was never made by this tool (a Kbuild file hides a Makefile, a header another of its name) is
/// moved out of it, into a directory beside it.
///
/// Compiles are checked afterwards, by the dependencies the compiler wrote: what it read is what must be right, and nothing
/// has to be foreseen. The caller compiles again when something was put back.
///
/// Kbuild makes some files in the tree on the way to an object (<see cref="MakingAsync"/>). They have a manifest of their own, with a name
/// for their generation; when one of them is damaged all go, and objects that were made with that generation are made anew, and with them
/// the files.
/// </summary>
public sealed partial class TreeGuard
{
    private const string ManifestFile = "manifest";
    private const string GeneratedFile = "generated";
    private readonly string _directory;
    private readonly string _root;
    private readonly string _name;
    private readonly Func<string, CancellationToken, Task> _make;
    private readonly IBuildProgress _progress;
    private readonly DamageLog _damage;
    private readonly ConcurrentDictionary<string, ulong> _good = new(StringComparer.Ordinal);
    private TreeManifest _manifest = TreeManifest.Empty;
    private TreeManifest _generated = TreeManifest.Empty;
    private bool _isWhole;

    private TreeGuard(WorkTree tree, Func<string, CancellationToken, Task> make, IBuildProgress progress)
    {
        (_directory, _root, _name, _make, _progress, _damage) =
            (tree.Directory, tree.Root, tree.Name, make, progress, new DamageLog(progress));
    }

    /// <summary>Names the files that Kbuild made in the tree; others after they were lost.</summary>
    public string Generation { get; private set; } = string.Empty;

    /// <summary>The guard of a tree, which is made first where it is not there.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="make">Makes such a tree in a directory.</param>
    /// <param name="progress">Told what is made and what was damaged.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DiagnosticException">The tree cannot be made.</exception>
    public static async Task<TreeGuard> OpenAsync(
        WorkTree tree, Func<string, CancellationToken, Task> make, IBuildProgress progress, CancellationToken cancellationToken)
    {
        CacheDirectory.RefuseLink(tree.Root);
        var guard = new TreeGuard(tree, make, progress);
        if (!guard.TryReadManifest())
        {
            using var held = await guard.LockAsync(cancellationToken).ConfigureAwait(false);
            if (!guard.TryReadManifest())
            {
                await guard.RemakeAsync([], cancellationToken).ConfigureAwait(false);
            }
        }

        if (!guard.TryReadGenerated() || !guard.HasGenerated())
        {
            using var held = await guard.LockAsync(cancellationToken).ConfigureAwait(false);
            if (!guard.TryReadGenerated() || !guard.HasGenerated())
            {
                guard.NewGeneration();
            }
        }

        // What compiles run and do not write down; and the configuration.
        var programs = guard._manifest.Programs().Select(guard._manifest.PathAt).Where(IsTool);
        await guard.CheckAsync([".config", "include/config/auto.conf", "include/generated/autoconf.h", .. programs], cancellationToken)
            .ConfigureAwait(false);
        return guard;
    }

    /// <summary>True when a path is one of the tree's own, whether it is there just now or not.</summary>
    public bool Has(string path) => _manifest.Find(path) >= 0;

    /// <summary>True when a file is one that Kbuild made in the tree.</summary>
    public bool IsGenerated(string path) => _generated.Find(path) >= 0;

    /// <summary>Compares some files with what they were, and puts back what differs.</summary>
    /// <param name="paths">Paths in the tree. What is neither in the tree nor belongs there is passed over.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>True when all were right: what was made of them is good.</returns>
    /// <exception cref="DiagnosticException">They cannot be put back.</exception>
    public async Task<bool> CheckAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var all = paths.Distinct(StringComparer.Ordinal).ToList();
        if (Wrong(all).Count == 0)
        {
            return true;
        }

        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        TryReadGenerated();
        await PutRightAsync(Wrong(all), cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Compares what a tree of links to this one is made of when some files are to be real in it: the files beside them and beside
    /// the directories above them, and that the directories are there.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DiagnosticException">They cannot be put right.</exception>
    public Task<bool> CheckAroundAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var directories = new HashSet<string>(StringComparer.Ordinal) { string.Empty };
        foreach (var path in paths)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0 && directories.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
            {
            }
        }

        var around =
            directories.SelectMany(directory => _manifest.In(directory).Where(item => !item.IsBelow || !IsDirectory(directory, item.Path)));
        return CheckAsync(around.Select(static item => item.Path), cancellationToken);
    }

    /// <summary>Compares the whole tree, once in a run: before makefiles are evaluated, or all of it is searched.</summary>
    /// <returns>True when all was right.</returns>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DiagnosticException">It cannot be put right.</exception>
    public async Task<bool> CheckAllAsync(CancellationToken cancellationToken)
    {
        if (_isWhole)
        {
            return true;
        }

        var (wrong, touched) = await Task.Run(WrongOfAll, cancellationToken).ConfigureAwait(false);
        if (wrong.Count + touched > 0)
        {
            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            await PutAllRightAsync(cancellationToken).ConfigureAwait(false);
        }

        _isWhole = true;
        return wrong.Count == 0;
    }

    /// <summary>Begins a make that may leave files in the tree. Nobody else changes the tree until it is disposed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IDisposable> MakingAsync(CancellationToken cancellationToken)
    {
        var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // What an interrupted make left would be taken for made.
            TryReadGenerated();
            await PutAllRightAsync(cancellationToken).ConfigureAwait(false);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes down what a make left in the tree; between <see cref="MakingAsync"/> and the end of that.</summary>
    public void Record()
    {
        var files =
            TreeManifest.Files(_root)
                .Where(path => !SourceCopier.IsBuildResult(Path.GetFileName(path)) && _manifest.Find(path) < 0)
                .ToList();
        WriteGenerated(TreeManifest.Of(_root, files));
    }

    private static bool IsTool(string path) =>
        path.StartsWith("tools/objtool/", StringComparison.Ordinal)
        || (path.StartsWith("scripts/", StringComparison.Ordinal) && !Path.GetFileName(path).Contains('.', StringComparison.Ordinal));

    /// <summary>True when the directory in a directory that a path leads through is one.</summary>
    private bool IsDirectory(string directory, string path)
    {
        var below = new DirectoryInfo(Path.Combine(_root, path[..path.IndexOf('/', directory.Length == 0 ? 0 : directory.Length + 1)]));
        return below is { Exists: true, LinkTarget: null };
    }

    private bool HasGenerated() =>
        Enumerable.Range(0, _generated.Count).All(index => _generated.IsUntouched(_root, index) || _generated.IsSame(_root, index));

    private Task<CacheLock> LockAsync(CancellationToken cancellationToken)
    {
        // Not the lock of the kernel's directory, which whoever makes objects holds already.
        var directory = Path.Combine(_directory, "making");
        CacheDirectory.MakeOwn(directory);
        return CacheLock.TakeAsync(
            directory, () => _progress.Stage("waiting for another klp-build that prepares this kernel"), cancellationToken);
    }
}

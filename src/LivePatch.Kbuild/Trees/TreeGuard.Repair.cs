using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Trees;

/// <content>Putting right. Whoever calls holds the lock.</content>
public sealed partial class TreeGuard
{
    private async Task PutAllRightAsync(CancellationToken cancellationToken)
    {
        var (wrong, touched) = await Task.Run(WrongOfAll, cancellationToken).ConfigureAwait(false);
        if (wrong.Count > 0)
        {
            await PutRightAsync(wrong, cancellationToken).ConfigureAwait(false);
        }
        else if (touched > 0)
        {
            WriteManifest(_manifest.WithStampsOf(_root));
            WriteGenerated(TreeManifest.Of(_root, Enumerable.Range(0, _generated.Count).Select(_generated.PathAt)));
        }
    }

    private async Task PutRightAsync(List<string> wrong, CancellationToken cancellationToken)
    {
        if (wrong.Exists(path => _generated.Find(path) >= 0))
        {
            NewGeneration();
        }

        var damaged = wrong.Where(path => _manifest.Find(path) >= 0).ToList();
        if (damaged.Count < wrong.Count)
        {
            // With a link that stood where a directory was, everything below it is gone.
            MoveOut(wrong.Where(path => _manifest.Find(path) < 0));
            damaged = [
                .. (await Task.Run(WrongOfAll, cancellationToken).ConfigureAwait(false)).Wrong.Where(path => _manifest.Find(path) >= 0)];
        }

        if (damaged.Count > 0)
        {
            await RemakeAsync(damaged, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a tree beside the old one, and takes from it what the old one lacks.</summary>
    private async Task RemakeAsync(List<string> damaged, CancellationToken cancellationToken)
    {
        _progress.Stage(damaged.Count > 0
            ? $"the work tree is damaged ({damaged[0]}{(damaged.Count > 1 ? $" and {damaged.Count - 1} more files" : string.Empty)}); "
                + $"it is put right"
            : "preparing the kernel source (once per kernel)");
        using var temporary = RunDirectory.Make(_directory);
        var fresh = Path.Combine(temporary.Path, "tree");
        CacheDirectory.Make(fresh);
        await _make(fresh, cancellationToken).ConfigureAwait(false);
        try
        {
            var manifest = TreeManifest.Of(fresh);
            var isKnown = _manifest.Count > 0;
            _manifest = manifest;
            if (!Path.Exists(_root))
            {
                Directory.Move(fresh, _root);
            }
            else
            {
                CacheDirectory.MakeOwn(_root);
                if (!isKnown)
                {
                    NewGeneration();
                    MoveOut(Strangers());
                }

                for (var index = 0; index < manifest.Count; index++)
                {
                    if (!manifest.IsSame(_root, index))
                    {
                        PutBack(fresh, manifest.PathAt(index));
                    }
                }
            }

            _good.Clear();
            WriteManifest(manifest.WithStampsOf(_root));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(BuildDiagnostics.CannotUnpack.At(_root, problem.Message));
        }
    }

    private void PutBack(string fresh, string path)
    {
        // Never through a link that stands where a directory was.
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var directory = Path.Combine(_root, path[..slash]);
            if (new FileInfo(directory).LinkTarget is not null || File.Exists(directory))
            {
                MoveOut([path[..slash]]);
            }

            Directory.CreateDirectory(directory);
        }

        var target = Path.Combine(_root, path);
        if (Directory.Exists(target) && new FileInfo(target).LinkTarget is null)
        {
            MoveOut([path]);
        }

        File.Move(Path.Combine(fresh, path), target, overwrite: true);
    }

    /// <summary>Moves what this tool did not make out of the tree.</summary>
    private void MoveOut(IEnumerable<string> paths)
    {
        string? place = null;
        foreach (var path in paths)
        {
            var file = Path.Combine(_root, path);
            if (Path.Exists(file) || new FileInfo(file).LinkTarget is not null)
            {
                place ??= SetAside.NewName(_root);
                _progress.Stage($"{path} in the work tree was not made by klp-build; it is moved to {place}");
                SetAside.Move(file, Path.Combine(place, path));
            }
        }
    }

    /// <summary>What Kbuild made in the tree counts no more.</summary>
    private void NewGeneration()
    {
        MoveOut(Enumerable.Range(0, _generated.Count).Select(_generated.PathAt));
        Generation = Path.GetRandomFileName();
        WriteGenerated(TreeManifest.Empty);
    }
}

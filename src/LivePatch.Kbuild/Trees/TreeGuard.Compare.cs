using System.Collections.Concurrent;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Trees;

/// <content>What is not right.</content>
public sealed partial class TreeGuard
{
    private List<string> Wrong(IReadOnlyList<string> paths)
    {
        var wrong = new ConcurrentBag<string>();
        Parallel.ForEach(paths, path =>
        {
            if (!IsRight(path))
            {
                wrong.Add(path);
            }
        });
        return [.. wrong.Order(StringComparer.Ordinal)];
    }

    private bool IsRight(string path)
    {
        var manifest = _manifest;
        var index = manifest.Find(path);
        if (index < 0)
        {
            manifest = _generated;
            index = manifest.Find(path);
            if (index < 0)
            {
                return !File.Exists(Path.Combine(_root, path));
            }
        }

        var stamp = manifest.CurrentStamp(_root, index);
        if (stamp != 0 && _good.TryGetValue(path, out var good) && good == stamp)
        {
            return true;
        }

        if (!manifest.IsSame(_root, index))
        {
            return false;
        }

        _good[path] = stamp;
        return true;
    }

    /// <summary>What is not right in the whole tree, and how many files have only another stamp.</summary>
    private (List<string> Wrong, int Touched) WrongOfAll()
    {
        var wrong = new ConcurrentBag<string>();
        var touched = 0;
        foreach (var manifest in (TreeManifest[])[_manifest, _generated])
        {
            Parallel.For(0, manifest.Count, index =>
            {
                if (manifest.IsUntouched(_root, index))
                {
                    return;
                }

                if (manifest.IsSame(_root, index))
                {
                    Interlocked.Increment(ref touched);
                }
                else
                {
                    wrong.Add(manifest.PathAt(index));
                }
            });
        }

        foreach (var path in Strangers())
        {
            wrong.Add(path);
        }

        return ([.. wrong.Order(StringComparer.Ordinal)], touched);
    }

    /// <summary>What is in the tree and in no manifest. Objects and what else a build leaves are read by no compile.</summary>
    private List<string> Strangers()
    {
        try
        {
            return [
                .. TreeManifest.Files(_root).Where(
                    path => _manifest.Find(path) < 0 && _generated.Find(path) < 0 && !SourceCopier.IsBuildResult(Path.GetFileName(path)))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotRead.At(_root, problem.Message));
        }
    }
}

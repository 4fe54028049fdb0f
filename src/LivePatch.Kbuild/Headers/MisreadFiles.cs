using LivePatch.Core.IO;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Tells from the dependencies a compiler wrote (-MMD) whether it read unpatched files in place of patched ones: a path with ".." that
/// leaves a directory which is only a link in the patched tree leads into the unpatched one (see <see cref="ParentDirectories"/>).
/// </summary>
public static class MisreadFiles
{
    /// <summary>The directories that must become real before the object is compiled again; none when all is well.</summary>
    /// <param name="overlay">The patched tree, in which the object was compiled.</param>
    /// <param name="objectPath">The object.</param>
    /// <param name="changed">The files that the patch changes.</param>
    public static IReadOnlyCollection<string> DirectoriesFor(PatchOverlay overlay, string objectPath, IReadOnlySet<string> changed)
    {
        var file = Path.Combine(overlay.Root, Path.GetDirectoryName(objectPath) ?? string.Empty, $".{Path.GetFileName(objectPath)}.d");
        if (!File.Exists(file))
        {
            return [];
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in File.ReadAllText(file).Split([' ', '\n', '\r', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            var path = word.StartsWith(overlay.Root + "/", StringComparison.Ordinal) ? word[(overlay.Root.Length + 1)..] : word;
            if (path.Contains("..", StringComparison.Ordinal) && changed.Contains(TreePath.Combine(string.Empty, path)))
            {
                ParentDirectories.Add(string.Empty, path, found);
            }
        }

        found.RemoveWhere(overlay.IsReal);
        return found;
    }
}

using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Compile;

/// <summary>The list of files that a compile read, as the compiler writes it for make (-MMD).</summary>
internal static class DependencyFile
{
    /// <summary>The files of the tree, by path in it; null when there is no list.</summary>
    /// <param name="file">The list.</param>
    /// <param name="roots">Tops of the tree and of the tree of links to it that the compile ran in.</param>
    public static List<string>? TryRead(string file, params IReadOnlyList<string> roots)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var found = new List<string>();
        foreach (var word in File.ReadAllText(file).Split([' ', '\n', '\r', '\t', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            var path = roots.Aggregate(word, static (path, root) => TreePath.FromCommand(path, root));
            if (!path.EndsWith(':') && !path.StartsWith('/') && !path.StartsWith("../", StringComparison.Ordinal))
            {
                found.Add(path);
            }
        }

        return found;
    }
}

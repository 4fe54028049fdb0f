namespace LivePatch.Core.IO;

/// <summary>Paths relative to a kernel tree's root, with '/' and without "." and "..".</summary>
public static class TreePath
{
    /// <summary>Puts a name below a directory and takes "." and ".." out. What leads out of the tree keeps its "..".</summary>
    public static string Combine(string directory, string name)
    {
        var path = name.StartsWith('/') || directory.Length == 0 ? name : directory + "/" + name;
        if (!path.Contains("./", StringComparison.Ordinal) && !path.Contains("//", StringComparison.Ordinal) && !path.EndsWith('.'))
        {
            return path;
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] is not (".." or ""))
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != "." && (part.Length > 0 || parts.Count == 0))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The directory; empty for a file in the root.</summary>
    public static string DirectoryOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? string.Empty : path[..slash];
    }

    /// <summary>The last part.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>True for the directories in which Kbuild tries what the compiler can do (".tmp_PID", TMPOUT of scripts/Makefile.compiler):
    /// they come and go while makefiles are evaluated, and are nobody's.</summary>
    public static bool IsTransient(ReadOnlySpan<char> name) => name.StartsWith(".tmp_");

    /// <summary>A path as a command names it, made relative to the root where it lies below it.</summary>
    public static string FromCommand(string path, string root)
    {
        var prefix = root.EndsWith('/') ? root : root + "/";
        return path == root ? string.Empty
            : path.StartsWith(prefix, StringComparison.Ordinal) ? Combine(string.Empty, path[prefix.Length..])
            : path == "." ? string.Empty
            : Combine(string.Empty, path);
    }

    /// <summary>
    /// The part of an included name that any file it means must end with: without the leading "..", which lead to directories
    /// that are not known here.
    /// </summary>
    public static string Tail(string name)
    {
        var path = Combine(string.Empty, name);
        while (path.StartsWith("../", StringComparison.Ordinal))
        {
            path = path[3..];
        }

        return path.TrimStart('/');
    }

    /// <summary>True when a path ends with the whole parts of <paramref name="tail"/>.</summary>
    public static bool EndsWith(string path, string tail) =>
        path.EndsWith(tail, StringComparison.Ordinal) && (path.Length == tail.Length || path[path.Length - tail.Length - 1] == '/');
}

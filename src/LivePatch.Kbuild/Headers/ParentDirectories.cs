using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Finds the directories that a compile leaves by "..": the parts in front of it in "drivers/kvm/../../virt/kvm/kvm_main.c".
///
/// The patched tree is one of links. The system resolves "D/.." after following D: where D is a link into the unpatched tree, so
/// is everything behind it, and the compiler would quietly read unpatched files, or write into that tree. Such directories
/// must be real in the patched tree. They come from the commands, and from includes of "../x.h" in the files on the way to
/// a changed one; includes elsewhere find the same text in either tree.
/// </summary>
public static class ParentDirectories
{
    /// <summary>The directories, relative to the tree, each once.</summary>
    /// <param name="commands">The commands that are replayed in the patched tree.</param>
    /// <param name="root">The unpatched tree's root.</param>
    /// <param name="reaching">Every file that may include a changed one.</param>
    /// <param name="index">What they include.</param>
    public static IReadOnlyCollection<string> Of(
        IEnumerable<string> commands, string root, IEnumerable<string> reaching, IncludeIndex index)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var search = new HashSet<string>(StringComparer.Ordinal);
        foreach (var command in commands)
        {
            AddOfCommand(command, root, found);
            if (PreprocessorCommand.TryParse(command, root) is { } parsed)
            {
                search.UnionWith(parsed.Quoted);
                search.UnionWith(parsed.Angled);
            }
        }

        foreach (var file in reaching)
        {
            foreach (var include in index.IncludesOf(file).Where(static include => include.Name.Contains("..", StringComparison.Ordinal)))
            {
                Add(TreePath.DirectoryOf(file), include.Name, found);
                foreach (var directory in search)
                {
                    Add(directory, include.Name, found);
                }
            }
        }

        return found;
    }

    /// <summary>Those of one command, which may be absolute paths into the tree.</summary>
    public static void AddOfCommand(string command, string root, ISet<string> found)
    {
        if (!command.Contains("/..", StringComparison.Ordinal))
        {
            return;
        }

        foreach (
            var word in command.Split([' ', '\t', '\n', '\'', '"', '=', ',', ';', '(', ')', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Contains("/..", StringComparison.Ordinal))
            {
                var path = word.StartsWith("-I", StringComparison.Ordinal) ? word[2..] : word;
                Add(string.Empty, path.StartsWith(root + "/", StringComparison.Ordinal) ? path[(root.Length + 1)..] : path, found);
            }
        }
    }

    /// <summary>Those of a path below a directory.</summary>
    internal static void Add(string directory, string name, ISet<string> found)
    {
        if (name.StartsWith('/'))
        {
            return;
        }

        var at = directory;
        foreach (var part in name.Split('/'))
        {
            if (part == "..")
            {
                if (at.Length > 0 && !at.StartsWith("..", StringComparison.Ordinal))
                {
                    found.Add(at);
                }

                at = TreePath.Combine(at, "..");
            }
            else if (part is not ("" or "."))
            {
                at = TreePath.Combine(at, part);
            }
        }
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// Answers which objects a file becomes and what they are linked into, or why it is not built. The answer that it is not built is
/// Kbuild's (<see cref="CompileDatabase"/>); the reason is put together from what the makefiles on the way to the file say, because no
/// makefile has a place where it says that it leaves something out.
/// </summary>
/// <param name="tree">The kernel's work tree.</param>
/// <param name="database">Its database.</param>
public sealed class OwnerFinder(WorkTree tree, CompileDatabase database)
{
    private static readonly string[] Sources = [".c", ".S", ".rs"];

    /// <summary>Asks for a source or an object.</summary>
    /// <param name="path">Its path: from the top of the source, or an absolute one in the source or the work tree.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<BuiltSource> FindAsync(string path, CancellationToken cancellationToken)
    {
        var name = FromTop(path);
        if (name.EndsWith(".o", StringComparison.Ordinal))
        {
            return await database.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } found
                ? new BuiltSource(name, [found], null)
                : new BuiltSource(name, [], await WhyNotAsync(name, cancellationToken).ConfigureAwait(false));
        }

        var objects = await database.ObjectsOfAsync(name, cancellationToken).ConfigureAwait(false);
        return new BuiltSource(name, objects, objects.Count > 0 ? null : await WhyNotAsync(name, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Why a source or an object is not built, as a sentence.</summary>
    /// <param name="path">Its path from the top of the source; it is known not to be built.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<string> WhyNotAsync(string path, CancellationToken cancellationToken)
    {
        var root = tree.Root;
        if (path.StartsWith("../", StringComparison.Ordinal) || path.StartsWith('/'))
        {
            return "It lies outside the kernel's source.";
        }

        var isObject = path.EndsWith(".o", StringComparison.Ordinal);
        var source = isObject
            ? Sources.Select(suffix => Path.ChangeExtension(path, suffix)).FirstOrDefault(file => File.Exists(Path.Combine(root, file)))
            : path;
        if (Directory.Exists(Path.Combine(root, path)))
        {
            return "It is a directory.";
        }

        if (source is null || !File.Exists(Path.Combine(root, source)))
        {
            return isObject
                ? "No makefile of this configuration builds it, and the source has no file of its name."
                : "The kernel's source has no such file.";
        }

        if (!Sources.Contains(Path.GetExtension(source)))
        {
            return Path.GetExtension(source) == ".h"
                ? "It is a header: what it becomes is up to the files that include it."
                : "It is no source that is compiled.";
        }

        var parts = path.Split('/');
        if (parts[0] == "arch" && parts.Length > 2 && parts[1] != tree.Inputs.ArchitectureName)
        {
            return $"It is code of another architecture than {tree.Inputs.ArchitectureName}.";
        }

        return KbuildRules.WhyNotBuilt(root, Path.ChangeExtension(path, ".o"))
            ?? await ByDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The nearest makefile above a file that Kbuild reads, and whether it knows the file.</summary>
    private async Task<string> ByDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var below = path;
        for (var directory = TreePath.DirectoryOf(path); directory.Length > 0; directory = TreePath.DirectoryOf(directory))
        {
            if (await database.DirectoryAsync(directory, cancellationToken).ConfigureAwait(false) is { } entered)
            {
                var item = Path.ChangeExtension(path, ".o");
                return entered.ConfiguredOut.Contains(item) || entered.ConfiguredOut.Contains(below + "/")
                    ? $"The makefile of {directory} lists {(below == path ? Path.GetFileName(item) : Path.GetFileName(below) + "/")} "
                        + $"only for an option that this kernel does not set."
                    : below == path ? $"The makefile of {directory} builds nothing from it in this configuration."
                    : $"What is linked into vmlinux or a module does not come from {below} in this configuration, and the makefile of "
                        + $"{directory} builds nothing from it.";
            }

            below = directory;
        }

        return $"Nothing from {below} is linked into vmlinux or a module in this configuration.";
    }

    private string FromTop(string path)
    {
        foreach (var root in (string[])[tree.Root, tree.Inputs.SourcePath])
        {
            if (path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                return TreePath.FromCommand(path, root);
            }
        }

        return TreePath.Combine(string.Empty, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);
    }
}

using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.IO;
using LivePatch.Kernel.Distributions;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// Finds by reading the source tree what no single makefile says of itself.
///
/// Which directories might build files of other directories: a makefile that does must write ".." or name a source under
/// $(srctree), itself or in a file that it includes, and not only as a directory of headers. There are one or two dozen; Kbuild is then
/// asked about each, so one too many does no harm. And which C files are included as text by others, which decides what a change to them is
/// compiled into.
/// </summary>
/// <param name="Reaching">Directories whose makefile may build files from elsewhere.</param>
/// <param name="TextIncludes">Pairs of a C file and a file that includes it as text.</param>
internal sealed partial record TreeScan(IReadOnlyList<string> Reaching, IReadOnlyList<(string Source, string Includer)> TextIncludes)
{
    private static readonly string[] NoKernelCode =
        ["Documentation", "tools", "scripts", "samples", "LICENSES", ".git", .. KernelDistributions.PackagingDirectories];

    /// <summary>Reads the tree.</summary>
    /// <param name="root">The source directory.</param>
    /// <param name="architecture">Directory under arch/; the others are left out.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public static TreeScan Run(string root, string architecture, CancellationToken cancellationToken)
    {
        var reaching = new ConcurrentBag<string>();
        var partial = new ConcurrentBag<string>();
        var makefiles = new ConcurrentBag<(string Directory, string Text)>();
        var includes = new ConcurrentBag<(string Source, string Includer)>();
        Parallel.ForEach(Files(root, architecture), new ParallelOptions { CancellationToken = cancellationToken }, file =>
        {
            var bytes = File.ReadAllBytes(Path.Combine(root, file));
            if (Path.GetExtension(file) is ".c" or ".h")
            {
                if (bytes.AsSpan().IndexOf(".c\""u8) >= 0)
                {
                    foreach (Match match in TextInclude().Matches(Encoding.Latin1.GetString(bytes)))
                    {
                        includes.Add((Resolve(root, file, match.Groups[1].Value), file));
                    }
                }

                return;
            }

            var text = Encoding.UTF8.GetString(bytes);
            var directory = Path.GetDirectoryName(file) is { Length: > 0 } name ? name : ".";
            var isMain = Path.GetFileName(file) is "Makefile" or "Kbuild";
            if (isMain)
            {
                makefiles.Add((directory, text));
            }

            if (Elsewhere().IsMatch(NoObjects().Replace(text, string.Empty)))
            {
                reaching.Add(directory);
                if (!isMain)
                {
                    partial.Add(Path.GetFileName(file));
                }
            }
        });

        // A part with another name counts for the makefiles that speak of it.
        foreach (var (directory, text) in makefiles.Where(item => partial.Any(part => item.Text.Contains(part, StringComparison.Ordinal))))
        {
            reaching.Add(directory);
        }

        return new TreeScan([.. reaching.Distinct().Order(StringComparer.Ordinal)], [.. includes.Distinct().Order()]);
    }

    private static FileSystemEnumerable<string> Files(string root, string architecture) => new(
        root,
        (ref FileSystemEntry entry) => Path.GetRelativePath(root, entry.ToFullPath()),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true })
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory
            && (entry.FileName.EndsWith(".c") || entry.FileName.EndsWith(".h") || entry.FileName.StartsWith("Makefile")
                || entry.FileName.StartsWith("Kbuild") || entry.FileName.EndsWith(".mk") || entry.FileName.EndsWith(".include")),
        ShouldRecursePredicate = (ref FileSystemEntry entry) =>
        {
            if (TreePath.IsTransient(entry.FileName))
            {
                return false;
            }

            var parent = entry.Directory.Length > root.Length ? entry.Directory[(root.Length + 1)..] : [];
            return parent.IsEmpty ? !NoKernelCode.Contains(entry.FileName.ToString())
                : !parent.SequenceEqual("arch") || entry.FileName.SequenceEqual(architecture);
        },
    };

    /// <summary>The file an include names: beside the includer, or from the top or include/. Else what is written.</summary>
    private static string Resolve(string root, string includer, string name)
    {
        foreach (var directory in (string[])[Path.GetDirectoryName(includer) ?? string.Empty, string.Empty, "include"])
        {
            var path = TreePath.Combine(directory, name);
            if (File.Exists(Path.Combine(root, path)))
            {
                return path;
            }
        }

        return name;
    }

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""([^""\n]*\.c)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TextInclude();

    /// <summary>Include directories, and lines that are comments.</summary>
    [GeneratedRegex(@"-I[ \t]*\S+|^[ \t]*#[^\n]*", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NoObjects();

    [GeneratedRegex(@"\.\.[/)\s]|\$\(srctree\)\S*\.c\b", RegexOptions.CultureInvariant)]
    private static partial Regex Elsewhere();
}

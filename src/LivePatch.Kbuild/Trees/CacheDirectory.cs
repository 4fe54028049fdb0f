using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// Where work trees, original objects and temporary files live between runs. Nothing in it is precious, and nothing in it is believed: what
/// is used is checked first (<see cref="SealedFile"/>, <see cref="TreeGuard"/>) and made anew where it is damaged.
///
/// A file of ours at its top says that it is a cache. A directory without one is somebody's own and is refused, unless it is empty. Nothing
/// is deleted in a cache but what this tool made: temporary directories with their mark (<see cref="RunDirectory"/>), logs and images
/// by their whole form of name, results that are replaced. What stands in the way otherwise is renamed. Links to directories
/// are never followed; the cache itself may be one.
/// </summary>
public sealed partial class CacheDirectory
{
    private const string Mark = ".klp-build-cache";
    private static readonly string[] OwnParts = ["images", "kernels", "logs", "tmp"];

    /// <summary>Opens a cache; makes the directory when it is missing.</summary>
    /// <exception cref="DiagnosticException">It cannot be made (LP0002), is no cache (LP0006), is a link in part (LP0007) or another user's
    /// (LP0008).</exception>
    public CacheDirectory(string root)
    {
        Root = Resolve(root);
        Make(Root);
        Claim();
    }

    /// <summary>The directory.</summary>
    public string Root { get; }

    /// <summary>$XDG_CACHE_HOME/klp-build, else ~/.cache/klp-build.</summary>
    /// <exception cref="DiagnosticException">The user has no home directory (LP0384).</exception>
    public static string DefaultRoot =>
        FindDefaultRoot() ?? throw new DiagnosticException(BuildDiagnostics.NoHome.Anywhere("The home directory does not exist."));

    /// <summary>As <see cref="DefaultRoot"/>; null when the user has no home directory. The current directory is nobody's cache.</summary>
    public static string? FindDefaultRoot()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, "klp-build");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathRooted(home) ? Path.Combine(home, ".cache", "klp-build") : null;
    }

    /// <summary>Unpacked images and what was read from them.</summary>
    public string Images => Part("images");

    /// <summary>Log files.</summary>
    public string Logs => Part("logs");

    /// <summary>The directory of one kernel.</summary>
    public string ForKernel(string release, string identity)
    {
        var path = Path.Combine(Part("kernels"), $"{release}-{identity[..12]}");
        MakeOwn(path);
        return path;
    }

    /// <summary>Makes a temporary directory for one run and removes those of runs that ended without cleaning up.</summary>
    /// <param name="keep">It stays for good.</param>
    public RunDirectory NewTemporary(bool keep) => RunDirectory.Make(Part("tmp"), keep);

    /// <summary>Removes the oldest logs but some. What has not a log's name is none.</summary>
    public void RemoveOldLogs(int kept)
    {
        try
        {
            foreach (var old in new DirectoryInfo(Logs).EnumerateFiles("*.log")
                .Where(static file => LogName().IsMatch(file.Name) && file.LinkTarget is null)
                .OrderByDescending(static file => LogName().Match(file.Name).Groups[1].Value, StringComparer.Ordinal).Skip(kept))
            {
                old.Delete();
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Another run's, or none of this user's: it stays.
        }
    }

    /// <summary>Makes a directory.</summary>
    /// <exception cref="DiagnosticException">It cannot be made (LP0002).</exception>
    internal static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
        }
    }

    /// <summary>Makes a directory of the cache where there is none; a file that has its name is moved aside.</summary>
    /// <exception cref="DiagnosticException">It cannot be made (LP0002), or is a link (LP0007).</exception>
    internal static void MakeOwn(string path)
    {
        RefuseLink(path);
        if (File.Exists(path))
        {
            SetAside.Move(path, SetAside.NewName(path));
        }

        Make(path);
    }

    /// <summary>Directories of the cache are not followed when they are links.</summary>
    /// <exception cref="DiagnosticException">It is one (LP0007).</exception>
    internal static void RefuseLink(string path)
    {
        if (new FileInfo(path) is { LinkTarget: { } target })
        {
            throw new DiagnosticException(CoreDiagnostics.CacheLink.At(path, $"It leads to {target}."));
        }
    }

    private string Part(string name)
    {
        var path = Path.Combine(Root, name);
        MakeOwn(path);
        return path;
    }

    private void Claim()
    {
        if (FileStamp.OwnerOf(Root) is { } owner && owner != 0 && owner != FileStamp.CurrentUser())
        {
            throw new DiagnosticException(
                CoreDiagnostics.CacheOfOther.At(Root, $"User {owner} owns it, and this is user {FileStamp.CurrentUser()}."));
        }

        var mark = Path.Combine(Root, Mark);
        if (File.Exists(mark) && new FileInfo(mark).LinkTarget is null)
        {
            return;
        }

        List<string> entries;
        try
        {
            // Another run may be writing the mark just now.
            entries = [
                .. Directory.EnumerateFileSystemEntries(Root)
                    .Select(static entry => Path.GetFileName(entry))
                    .Where(static name => !name.StartsWith(Mark + ".", StringComparison.Ordinal))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotRead.At(Root, problem.Message));
        }

        // Versions without a mark used the default place too. Nobody else has a directory there, and nothing they left is used or deleted.
        var isEarlier = FindDefaultRoot() is { } standard && Root == Resolve(standard)
            && entries.TrueForAll(static name => OwnParts.Contains(name));
        if (entries.Count > 0 && !isEarlier && !File.Exists(mark))
        {
            throw new DiagnosticException(CoreDiagnostics.NotACache.At(
                Root,
                $"It has no {Mark} and is not empty: "
                    + $"{string.Join(", ", entries.Order(StringComparer.Ordinal).Take(3))}{(entries.Count > 3 ? ", ..." : string.Empty)}."));
        }

        AtomicFile.WriteText(
            mark, "This directory is a cache of klp-build. It may be deleted as a whole at any time; do not keep anything else in it.\n");
    }

    /// <summary>The path with a link at its end followed.</summary>
    private static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            return Directory.Exists(full) && new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is { } target
                ? target.FullName
                : full;
        }
        catch (IOException)
        {
            return full;
        }
    }

    /// <summary>NAME-DATE-TIME-MILLISECONDS.log.</summary>
    [GeneratedRegex(@"^.+-(\d{8}-\d{6}-\d{3})\.log$", RegexOptions.CultureInvariant)]
    private static partial Regex LogName();
}

using System.Globalization;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Trees;

/// <summary>
/// Where work trees, original objects and temporary files live between runs. Nothing in it is precious: a directory
/// without its completion mark is removed and made anew.
/// </summary>
public sealed class CacheDirectory
{
    /// <summary>Opens a cache; makes the directory when it is missing.</summary>
    /// <exception cref="DiagnosticException">It cannot be made (LP0002).</exception>
    public CacheDirectory(string root)
    {
        Root = Path.GetFullPath(root);
        Make(Root);
    }

    /// <summary>The directory.</summary>
    public string Root { get; }

    /// <summary>$XDG_CACHE_HOME/klp-build, else ~/.cache/klp-build.</summary>
    public static string DefaultRoot
    {
        get
        {
            var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var cache = string.IsNullOrEmpty(xdg) || !Path.IsPathRooted(xdg)
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
                : xdg;
            return Path.Combine(cache, "klp-build");
        }
    }

    /// <summary>The directory of one kernel.</summary>
    public string ForKernel(string release, string identity)
    {
        var path = Path.Combine(Root, "kernels", $"{release}-{identity[..12]}");
        Make(path);
        return path;
    }

    /// <summary>Unpacked images and what was read from them.</summary>
    public string Images
    {
        get
        {
            var path = Path.Combine(Root, "images");
            Make(path);
            return path;
        }
    }

    /// <summary>Makes a temporary directory for one run and removes those of runs that ended without cleaning up.</summary>
    public string NewTemporary()
    {
        var parent = Path.Combine(Root, "tmp");
        Make(parent);
        foreach (var old in Directory.EnumerateDirectories(parent))
        {
            var name = Path.GetFileName(old);
            if (int.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('-', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}")))
            {
                Remove(old);
            }
        }

        var path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Path.GetRandomFileName()}"));
        Make(path);
        return path;
    }

    /// <summary>Removes a directory of the cache; links in it are removed and not followed. Failure is left for the next run.</summary>
    public static void Remove(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Left for the next run: a directory without its mark is never used.
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
}

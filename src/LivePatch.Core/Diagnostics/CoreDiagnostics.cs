namespace LivePatch.Core.Diagnostics;

/// <summary>Diagnostics of files and child processes, LP00xx.</summary>
public static class CoreDiagnostics
{
    /// <summary>A file cannot be opened or read.</summary>
    public static readonly DiagnosticDescriptor CannotRead = new(
        "LP0001", DiagnosticKind.Error, "A file cannot be read", "Check the path and its permissions.");

    /// <summary>A file cannot be written (full disk, permissions).</summary>
    public static readonly DiagnosticDescriptor CannotWrite = new(
        "LP0002", DiagnosticKind.Error, "A file cannot be written",
        "Free space on that file system or choose another place with --cache or --output, then run again: nothing half-written was kept.");

    /// <summary>A program this step needs is not installed.</summary>
    public static readonly DiagnosticDescriptor ToolMissing = new(
        "LP0003", DiagnosticKind.Error, "A needed program is not installed",
        "Run 'klp-build doctor': it names the package and the command that installs it.");

    /// <summary>A directory given as the cache is somebody's own.</summary>
    public static readonly DiagnosticDescriptor NotACache = new(
        "LP0006", DiagnosticKind.Error, "The directory is no cache of klp-build",
        "Give --cache (or XDG_CACHE_HOME) a directory that is empty or not there yet. If it is the cache of an earlier version, delete "
            + "it first.");

    /// <summary>A part of the cache is a link, and what is written through it would be written elsewhere.</summary>
    public static readonly DiagnosticDescriptor CacheLink = new(
        "LP0007", DiagnosticKind.Error, "A directory of the cache is a link",
        "Remove the link, and give --cache the place where the whole cache shall be.");

    /// <summary>Recorded commands of a cache are run, so it must not be somebody else's.</summary>
    public static readonly DiagnosticDescriptor CacheOfOther = new(
        "LP0008", DiagnosticKind.Error, "The cache belongs to another user",
        "Commands recorded in a cache are run: choose a cache of your own with --cache or XDG_CACHE_HOME.");

    /// <summary>A bug of the tool itself reached the process boundary.</summary>
    public static readonly DiagnosticDescriptor Internal = new(
        "LP0005", DiagnosticKind.Error, "Internal error",
        "This is a defect of klp-build: please report it with the build log. Nothing half-written was kept.");
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Cli;

/// <summary>Diagnostics of the command line, LP09xx.</summary>
public static class CliDiagnostics
{
    /// <summary>The host lacks something a build needs.</summary>
    public static readonly DiagnosticDescriptor HostIncomplete = new(
        "LP0901", DiagnosticKind.Error, "The host lacks something", "Run the command that 'klp-build doctor' prints.");

    /// <summary>The command line makes no sense.</summary>
    public static readonly DiagnosticDescriptor Usage = new(
        "LP0902", DiagnosticKind.Error, "The command line is wrong", "See 'klp-build --help'.");

    /// <summary>Nobody got what was written.</summary>
    public static readonly DiagnosticDescriptor OutputLost = new(
        "LP0904", DiagnosticKind.Error, "Standard output cannot be written", "Let it go to a place that takes it. Files that were written are whole.");

    /// <summary>A file that was given would be replaced.</summary>
    public static readonly DiagnosticDescriptor OutputIsInput = new(
        "LP0905", DiagnosticKind.Error, "An output would take the place of an input", "Give the output another name.");

    /// <summary>Something of the user's would be replaced.</summary>
    public static readonly DiagnosticDescriptor OutputIsForeign = new(
        "LP0906", DiagnosticKind.Error, "An output would take the place of a file that is not klp-build's", "Give the output another name or directory, or move what is there away.");

    /// <summary>TMPDIR leads nowhere.</summary>
    public static readonly DiagnosticDescriptor NoTemporaryDirectory = new(
        "LP0907", DiagnosticKind.Error, "There is no directory for temporary files", "Set TMPDIR to a directory that can be written, or unset it.");

    /// <summary>The kernel looks a livepatch's sections up by their names.</summary>
    public static readonly DiagnosticDescriptor EqualSections = new(
        "LP0908", DiagnosticKind.Error, "Two sections of the module have one name", "Build the module again: it was changed after it was built.");

    /// <summary>A limit of the system, or a file system that failed.</summary>
    public static readonly DiagnosticDescriptor SystemRefuses = new(
        "LP0909", DiagnosticKind.Error, "The system refuses a file operation", "Check the limits of the shell (ulimit -a) and the free space, then run again: nothing half-written was kept.");

    /// <summary>Kbuild would not understand the cache's path.</summary>
    public static readonly DiagnosticDescriptor CachePath = new(
        "LP0910", DiagnosticKind.Error, "The cache's path is none that make understands",
        "Give a directory with --cache, or as XDG_CACHE_HOME, whose path has letters, digits and the signs / . _ - + = @ ~ only.");

    /// <summary>A check script of verify is missing.</summary>
    public static readonly DiagnosticDescriptor ScriptMissing = new(
        "LP0903", DiagnosticKind.Error, "A check script cannot be read", "Check the path given with --before or --after.");
}

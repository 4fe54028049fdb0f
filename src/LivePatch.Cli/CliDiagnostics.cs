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

    /// <summary>A check script of verify is missing.</summary>
    public static readonly DiagnosticDescriptor ScriptMissing = new(
        "LP0903", DiagnosticKind.Error, "A check script cannot be read", "Check the path given with --before or --after.");
}

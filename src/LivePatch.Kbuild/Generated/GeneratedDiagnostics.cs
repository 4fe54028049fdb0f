using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Generated;

/// <summary>Diagnostics of files that the kernel's build generates, LP0391 to LP0399. A changed program of the build is
/// BuildFileDiagnostics.ProgramChanged.</summary>
public static class GeneratedDiagnostics
{
    /// <summary>A header that a program of the build is compiled with changes in more than data.</summary>
    public static readonly DiagnosticDescriptor ProgramReads = new(
        "LP0391", DiagnosticKind.Refusal, "A program that the kernel's build runs reads the header differently",
        "Nothing of a patch is run: only entries of tables, and constants of enumerations, may change in what such a program is "
            + "compiled with. Put the rest into another header.");

    /// <summary>Generated files change with the patch.</summary>
    public static readonly DiagnosticDescriptor Changed = new(
        "LP0392", DiagnosticKind.Note, "Generated files change with the patch", "Nothing to do: what reads them is compiled.");

    /// <summary>The command that generates a file fails.</summary>
    public static readonly DiagnosticDescriptor Fails = new(
        "LP0393", DiagnosticKind.Error, "A file that the kernel's build generates cannot be made",
        "Check the patch where the message names a line of it; else run 'klp-build doctor'.");
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>Diagnostics of files that a patch adds, renames or removes.</summary>
public static class BuildFileDiagnostics
{
    /// <summary>A new source is not built.</summary>
    public static readonly DiagnosticDescriptor NewFileNotBuilt = new(
        "LP0352", DiagnosticKind.Warning, "A new file is not built",
        "Add its object to the directory's makefile in the same patch, if its code is meant to run.");

    /// <summary>A source comes or goes and the makefile does not know.</summary>
    public static readonly DiagnosticDescriptor MakefileLacksChange = new(
        "LP0353", DiagnosticKind.Error, "The makefile does not go with the patch",
        "Add the makefile's change to the patch: the kernel itself could not be built this way.");

    /// <summary>A removed file is active by itself.</summary>
    public static readonly DiagnosticDescriptor RemovedFileActive = new(
        "LP0354", DiagnosticKind.Refusal, "A removed file has registered itself",
        "Keep the file and change its functions: what it registered at boot or load goes on being called.");

    /// <summary>A removed file's code stays.</summary>
    public static readonly DiagnosticDescriptor RemovedFileStays = new(
        "LP0355", DiagnosticKind.Note, "A removed file stays in memory", "Nothing to do: no code of the patch uses it any more.");

    /// <summary>A new file wants to be started.</summary>
    public static readonly DiagnosticDescriptor NewFileInitialises = new(
        "LP0356", DiagnosticKind.Refusal, "A new file has an initialisation of its own",
        "Nobody runs it in a kernel that is up. Do the work where it is first needed, from a function that is replaced.");

    /// <summary>A program that runs while the kernel is built.</summary>
    public static readonly DiagnosticDescriptor ProgramChanged = new(
        "LP0382", DiagnosticKind.Refusal, "A program of the kernel's build is changed",
        "Drop this part of the patch where the program's output stays the same; else change the code that uses its output, or boot a "
            + "rebuilt kernel.");

    /// <summary>A changed file is not in the target kernel, and others are.</summary>
    public static readonly DiagnosticDescriptor ChangedFileNotBuilt = new(
        "LP0357", DiagnosticKind.Warning, "A changed file is not in this kernel",
        "Nothing to do: what the kernel was built without needs no patch.");
}

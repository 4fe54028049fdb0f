using LivePatch.Core.Diagnostics;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>Diagnostics of modules built outside the kernel tree, LP0361 to LP0369.</summary>
public static class OutOfTreeDiagnostics
{
    /// <summary>The module is for another kernel than the target, or than another module given.</summary>
    public static readonly DiagnosticDescriptor OtherKernel = new(
        "LP0361", DiagnosticKind.Error, "The module is of another kernel",
        "Give the module as it is loaded on the target, and leave -k out: the module says which kernel it is for.");

    /// <summary>The directory is no module source, or cannot be copied.</summary>
    public static readonly DiagnosticDescriptor BadSource = new(
        "LP0362", DiagnosticKind.Error, "The module's source cannot be used",
        "Give the directory that 'make -C KERNEL M=DIRECTORY' builds the module in: the one with its Kbuild file or Makefile.");

    /// <summary>An object is part of no module.</summary>
    public static readonly DiagnosticDescriptor NotInModule = new(
        "LP0363", DiagnosticKind.Error, "The file goes into no module",
        "Check the directory's Kbuild file; a module that is only built with certain make arguments needs them in --make-args.");

    /// <summary>An object goes into a module whose file was not given.</summary>
    public static readonly DiagnosticDescriptor ModuleNotGiven = new(
        "LP0364", DiagnosticKind.Error, "The module of a changed file was not given",
        "Give its file as well: --module may be repeated.");

    /// <summary>An object is linked into two modules.</summary>
    public static readonly DiagnosticDescriptor SharedObject = new(
        "LP0366", DiagnosticKind.Refusal, "A changed file goes into several modules",
        "Move the change into files that go into one module each.");

    /// <summary>A make argument would change where or for what the module is built.</summary>
    public static readonly DiagnosticDescriptor BadMakeArgument = new(
        "LP0367", DiagnosticKind.Error, "A make argument cannot be used",
        "Leave it out: the target kernel is chosen with -k, the source with --module-source.");

    /// <summary>The module's file is no module.</summary>
    public static readonly DiagnosticDescriptor NotAModule = new(
        "LP0368", DiagnosticKind.Error, "Not a kernel module",
        "Give the .ko file the target loads.");

    /// <summary>The patch adds a source to the module.</summary>
    public static readonly DiagnosticDescriptor SourceAdded = new(
        "LP0369", DiagnosticKind.Refusal, "A file is added to a module outside the kernel tree",
        "Put the new code into a file that the module already has.");
}

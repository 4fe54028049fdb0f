using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Headers;

/// <summary>What is said about patches to headers, LP0370 to LP0379.</summary>
public static class HeaderDiagnostics
{
    /// <summary>Only comments or white space change.</summary>
    public static readonly DiagnosticDescriptor OnlyComments = new(
        "LP0370", DiagnosticKind.Note, "Only comments of a header change", "Nothing to do.");

    /// <summary>The kernel's build generates the file.</summary>
    public static readonly DiagnosticDescriptor Generated = new(
        "LP0371", DiagnosticKind.Refusal, "A generated header is changed",
        "The kernel's build makes it from its configuration or from other files. Change the code that uses it instead.");

    /// <summary>The header is part of the interface to user space.</summary>
    public static readonly DiagnosticDescriptor UserInterface = new(
        "LP0372", DiagnosticKind.Warning, "A header of the interface to user space is changed",
        "Programs keep what they were compiled with: make sure that old ones and the patched kernel still understand each other.");

    /// <summary>Nothing that is built includes it.</summary>
    public static readonly DiagnosticDescriptor NotIncluded = new(
        "LP0373", DiagnosticKind.Note, "No object of this kernel includes the header",
        "Check that the patch touches code that is built in this configuration.");

    /// <summary>Too many objects may change.</summary>
    public static readonly DiagnosticDescriptor TooMany = new(
        "LP0374", DiagnosticKind.Error, "The header is included by too many objects",
        "Move the change into the .c files that need it, or allow more objects with --max-objects.");

    /// <summary>An assembler file or Rust code sees the change.</summary>
    public static readonly DiagnosticDescriptor InAssembly = new(
        "LP0375", DiagnosticKind.Refusal, "The header changes assembly or Rust code",
        "Assembly cannot be livepatched: keep what it uses of the header as it is.");

    /// <summary>The vdso or boot code sees the change.</summary>
    public static readonly DiagnosticDescriptor OutsideKernel = new(
        "LP0376", DiagnosticKind.Warning, "The header changes code that is not part of the running kernel",
        "That code keeps what it was built with: make sure that the patched kernel still fits it.");

    /// <summary>How many objects are compiled.</summary>
    public static readonly DiagnosticDescriptor Objects = new(
        "LP0377", DiagnosticKind.Note, "Objects that the headers reach", "Nothing to do.");
}

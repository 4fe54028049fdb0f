using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild;

/// <summary>Diagnostics of work trees and compiles, LP032x to LP034x. Those of patches are in the Patches namespace.</summary>
public static class BuildDiagnostics
{
    /// <summary>The kernel's source cannot be unpacked or copied.</summary>
    public static readonly DiagnosticDescriptor CannotUnpack = new(
        "LP0320", DiagnosticKind.Error, "The kernel source cannot be unpacked",
        "Check the free space of the cache's file system (the source needs 2 GB) and that the source package is complete, then run again.");

    /// <summary>The headers package lacks something a work tree is made from.</summary>
    public static readonly DiagnosticDescriptor HeadersIncomplete = new(
        "LP0321", DiagnosticKind.Error, "The kernel headers are incomplete",
        "Install the linux-headers package of exactly the target kernel again.");

    /// <summary>The original object does not compile.</summary>
    public static readonly DiagnosticDescriptor OriginalFails = new(
        "LP0322", DiagnosticKind.Error, "The unpatched source does not compile",
        "The source, the headers or the compiler are not the target kernel's, or a build package is missing: run 'klp-build doctor'.");

    /// <summary>The patched source does not compile.</summary>
    public static readonly DiagnosticDescriptor PatchedFails = new(
        "LP0323", DiagnosticKind.Error, "The patched source does not compile",
        "Fix the patch; the compiler's messages name the lines of the patched file.");

    /// <summary>Kbuild does not build the file in this configuration.</summary>
    public static readonly DiagnosticDescriptor NotBuilt = new(
        "LP0324", DiagnosticKind.Error, "The file is not built in this configuration",
        "Check the CONFIG option in the directory's Makefile: the target kernel does not contain this code, so nothing needs patching "
            + "there.");

    /// <summary>The object goes into a library archive.</summary>
    public static readonly DiagnosticDescriptor LibraryObject = new(
        "LP0325", DiagnosticKind.Refusal, "Code of a library archive",
        "The linker takes such code only where it is needed, and it is often not traceable. Change its callers instead.");

    /// <summary>The module cannot be linked.</summary>
    public static readonly DiagnosticDescriptor ModuleFails = new(
        "LP0327", DiagnosticKind.Error, "The livepatch module does not build",
        "Read the build log; run 'klp-build doctor' to check the host.");

    /// <summary>The module name is unusable.</summary>
    public static readonly DiagnosticDescriptor BadName = new(
        "LP0329", DiagnosticKind.Error, "The module name cannot be used",
        "Give one of letters, digits, '-' and '_' that begins with a letter or a digit, at most 55 characters, with --name; best "
            + "'livepatch-' and what it mends.");

    /// <summary>The module name is the kernel's.</summary>
    public static readonly DiagnosticDescriptor NameTaken = new(
        "LP0383", DiagnosticKind.Error, "The kernel has something of the module's name",
        "Give another name with --name. The kernel loads no module of a name it has, and modprobe would take one for the other.");

    /// <summary>There is no place for the cache.</summary>
    public static readonly DiagnosticDescriptor NoHome = new(
        "LP0384", DiagnosticKind.Error, "There is no directory to keep work trees in",
        "Give one with --cache, or set HOME or XDG_CACHE_HOME: it takes some 1.5 GB for each kernel.");

    /// <summary>Files of the source were changed after the kernel was built from it.</summary>
    public static readonly DiagnosticDescriptor SourceNewer = new(
        "LP0380", DiagnosticKind.Error, "The source was changed after the kernel was built",
        "Build the kernel again from the source as it is and run that, or put the files back as they were and give them a time before "
            + "the build's: touch -r vmlinux FILE");

    /// <summary>The headers package was taken from another source.</summary>
    public static readonly DiagnosticDescriptor SourceNotOfHeaders = new(
        "LP0381", DiagnosticKind.Error, "The source is not the one the kernel's headers were taken from",
        "Give the unchanged source of exactly the target kernel, with the patches of its flavour applied.");

    /// <summary>The compiler warns about the patched source.</summary>
    public static readonly DiagnosticDescriptor CompilerWarning = new(
        "LP0331", DiagnosticKind.Warning, "The compiler warns about the patched source", "Check the line it names.");

    /// <summary>Kbuild cannot be asked what it builds.</summary>
    public static readonly DiagnosticDescriptor KbuildFails = new(
        "LP0332", DiagnosticKind.Error, "Kbuild cannot be asked what it builds",
        "Run 'klp-build doctor'. If the host is complete, the source is not one that Kbuild of Linux 5.10 or later describes.");

    /// <summary>The object is compiled for something else than the running kernel.</summary>
    public static readonly DiagnosticDescriptor OutsideKernel = new(
        "LP0333", DiagnosticKind.Refusal, "Code that is no part of the running kernel",
        "Leave the file out of the patch: it goes into boot code, the vdso, purgatory, the EFI stub or a program, which a livepatch "
            + "cannot reach.");

    /// <summary>Somebody else writes to the work tree.</summary>
    public static readonly DiagnosticDescriptor TreeChanges = new(
        "LP0334", DiagnosticKind.Error, "The work tree in the cache is changed while it is used",
        "End what writes into the cache directory, or choose another one with --cache, then run again.");

    /// <summary>An object comes from another compiler than the one asked.</summary>
    public static readonly DiagnosticDescriptor OtherProducer = new(
        "LP0360", DiagnosticKind.Error, "An object was compiled by another compiler",
        "Install the kernel's compiler of exactly that version on every machine of the build farm, or leave the wrong ones out "
            + "(DISTCC_HOSTS), then run again.");
}

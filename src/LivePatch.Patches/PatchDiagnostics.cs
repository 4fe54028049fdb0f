using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>Diagnostics of patches, LP0301 to LP0319.</summary>
public static class PatchDiagnostics
{
    /// <summary>The file holds no change.</summary>
    public static readonly DiagnosticDescriptor Empty = new(
        "LP0301", DiagnosticKind.Error, "The patch is empty", "Give a unified diff, as 'git diff' or 'diff -up' makes it.");

    /// <summary>The file is no well-formed unified diff.</summary>
    public static readonly DiagnosticDescriptor Malformed = new(
        "LP0302", DiagnosticKind.Error, "The patch is malformed",
        "Make the patch again; an editor or mail program may have changed white space or line ends.");

    /// <summary>A hunk does not fit the kernel's source.</summary>
    public static readonly DiagnosticDescriptor DoesNotApply = new(
        "LP0303", DiagnosticKind.Error, "The patch does not apply",
        "Port the hunk to the target kernel's source: it has other text there.");

    /// <summary>The source already has the change.</summary>
    public static readonly DiagnosticDescriptor AlreadyApplied = new(
        "LP0304", DiagnosticKind.Error, "The patch is already applied",
        "The target kernel's source has this change. Drop the file from the patch, or check which kernel is meant with -k.");

    /// <summary>The patch changes a file that does not exist.</summary>
    public static readonly DiagnosticDescriptor FileMissing = new(
        "LP0305", DiagnosticKind.Error, "The patched file does not exist", "Check the patch's paths and the kernel version it is for.");

    /// <summary>The patch names a path outside the tree.</summary>
    public static readonly DiagnosticDescriptor OutsideTree = new(
        "LP0306", DiagnosticKind.Error, "The patch leaves the source tree", "Make the patch relative to the kernel source's root (-p1).");

    /// <summary>The hunk's context did not match exactly.</summary>
    public static readonly DiagnosticDescriptor Fuzz = new(
        "LP0307", DiagnosticKind.Warning, "A hunk applied with fuzz",
        "Check that the hunk landed where it belongs, and refresh the patch for this kernel.");

    /// <summary>A hunk was found at another line.</summary>
    public static readonly DiagnosticDescriptor Offset = new(
        "LP0308", DiagnosticKind.Note, "A hunk applied at another line", "Nothing to do.");

    /// <summary>Nothing of the patch is built into the kernel.</summary>
    public static readonly DiagnosticDescriptor NothingBuilt = new(
        "LP0309", DiagnosticKind.Error, "The patch touches nothing that is built",
        "Check that this is the right patch: it changes no kernel code.");

    /// <summary>Parts of the patch have no effect on a running kernel.</summary>
    public static readonly DiagnosticDescriptor Ignored = new(
        "LP0310", DiagnosticKind.Note, "A part of the patch is left out", "Nothing to do: it is not kernel code.");

    /// <summary>Assembly code.</summary>
    public static readonly DiagnosticDescriptor Assembly = new(
        "LP0311", DiagnosticKind.Refusal, "Assembly is changed",
        "Assembly functions cannot be compared or redirected. Change the C code that calls them.");

    /// <summary>Code that is no part of the running kernel.</summary>
    public static readonly DiagnosticDescriptor BootOrVdso = new(
        "LP0312", DiagnosticKind.Refusal, "Boot or user-space code is changed",
        "It ran before the kernel proper, or runs in user space: boot a rebuilt kernel for this change.");

    /// <summary>What is built, or how, would change.</summary>
    public static readonly DiagnosticDescriptor BuildFiles = new(
        "LP0313", DiagnosticKind.Refusal, "Makefile or Kconfig is changed",
        "A livepatch is built with the target kernel's own configuration. Drop this part of the patch.");

    /// <summary>A kind of file that cannot be livepatched.</summary>
    public static readonly DiagnosticDescriptor OtherFile = new(
        "LP0314", DiagnosticKind.Refusal, "A file of another kind is changed",
        "Only C sources can be livepatched. Drop this part of the patch.");

    /// <summary>A name that make or a shell might take for something else.</summary>
    public static readonly DiagnosticDescriptor UnsafeName = new(
        "LP0378", DiagnosticKind.Error, "A file name has characters that no kernel source has",
        "Give the file a name of letters, digits, '_', '-', '.', '+' and ',' that does not begin with '-'.");

    /// <summary>More than a livepatch can be.</summary>
    public static readonly DiagnosticDescriptor TooLarge = new(
        "LP0379", DiagnosticKind.Error, "The patch is too large",
        "Give the fix alone: this is the size of a new kernel version, which is booted and not livepatched.");

    /// <summary>A binary patch.</summary>
    public static readonly DiagnosticDescriptor Binary = new(
        "LP0315", DiagnosticKind.Error, "A binary patch", "Only text patches can be applied.");
}

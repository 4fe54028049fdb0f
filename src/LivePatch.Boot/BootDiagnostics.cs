using LivePatch.Core.Diagnostics;

namespace LivePatch.Boot;

/// <summary>Diagnostics of the boot layer, LP08xx.</summary>
public static class BootDiagnostics
{
    private const string ReadLog = "Read the kernel log named above; the stage marks 'klp-build: stage ...' in it say what ran when.";
    private const string DoNotShip = "Do not load this module anywhere: correct the patch, build again and verify again.";

    /// <summary>QEMU is not installed.</summary>
    public static readonly DiagnosticDescriptor QemuMissing = new(
        "LP0801", DiagnosticKind.Error, "QEMU is not installed",
        "Install QEMU's emulator of the kernel's machine.");

    /// <summary>No statically linked busybox for the guest.</summary>
    public static readonly DiagnosticDescriptor BusyboxMissing = new(
        "LP0802", DiagnosticKind.Error, "No static busybox for the guest",
        "Install a busybox that is linked statically.");

    /// <summary>The file to verify is no livepatch module.</summary>
    public static readonly DiagnosticDescriptor NotALivepatch = new(
        "LP0803", DiagnosticKind.Error, "Not a livepatch module",
        "Give the finished .ko that klp-build wrote (MODULE_INFO(livepatch, \"Y\") in its .modinfo section).");

    /// <summary>The module was built for another kernel than the one to boot.</summary>
    public static readonly DiagnosticDescriptor WrongKernel = new(
        "LP0804", DiagnosticKind.Error, "The module is for another kernel",
        "Verify it with '-k' and the release it was built for, or build it again for this kernel.");

    /// <summary>The kernel image cannot be read.</summary>
    public static readonly DiagnosticDescriptor KernelImageMissing = new(
        "LP0805", DiagnosticKind.Error, "The kernel image cannot be read",
        "Install the kernel's image package, or name the image with '--image'. An image only root may read must be copied or made "
            + "readable first.");

    /// <summary>A kernel module the guest needs is not in the modules directory.</summary>
    public static readonly DiagnosticDescriptor ModuleMissing = new(
        "LP0806", DiagnosticKind.Error, "A kernel module for the guest cannot be found",
        "Install the kernel's image package whole (modules.dep included), or give the file itself with '--extra-module'.");

    /// <summary>QEMU ended before the guest said anything.</summary>
    public static readonly DiagnosticDescriptor QemuFailed = new(
        "LP0807", DiagnosticKind.Error, "QEMU failed",
        "Read QEMU's message above; check free memory and that the image is a kernel of the machine that is emulated.");

    /// <summary>The guest did not go on within its time.</summary>
    public static readonly DiagnosticDescriptor TimedOut = new(
        "LP0808", DiagnosticKind.Error, "The guest ran out of time",
        "When the kernel log shows no hang, the host was too busy: give more time with '--timeout'.");

    /// <summary>The guest kernel panicked.</summary>
    public static readonly DiagnosticDescriptor Panic = new(
        "LP0809", DiagnosticKind.Error, "The kernel panicked", DoNotShip);

    /// <summary>The guest ended without finishing its work.</summary>
    public static readonly DiagnosticDescriptor GuestEnded = new(
        "LP0810", DiagnosticKind.Error, "The guest ended before its work was done", ReadLog);

    /// <summary>The check that must pass on the unpatched kernel failed.</summary>
    public static readonly DiagnosticDescriptor BeforeCheckFailed = new(
        "LP0811", DiagnosticKind.Error, "The check before loading failed",
        "Correct the check script: it must exit with 0 on the unpatched kernel. It runs under busybox ash; '--extra-module' and "
            + "'--extra-file' add what it needs.");

    /// <summary>The kernel refused the livepatch module.</summary>
    public static readonly DiagnosticDescriptor LoadFailed = new(
        "LP0812", DiagnosticKind.Error, "The kernel refused the module", ReadLog);

    /// <summary>A task was never seen outside the patched functions.</summary>
    public static readonly DiagnosticDescriptor TransitionStalled = new(
        "LP0813", DiagnosticKind.Error, "The transition stalled",
        "A listed task sleeps in a changed function or has no reliable stack: change a function that such a task leaves, or wake it in "
            + "the check script.");

    /// <summary>The kernel's view of the patch is not what was built.</summary>
    public static readonly DiagnosticDescriptor SysfsMismatch = new(
        "LP0814", DiagnosticKind.Error, "The loaded patch is not what was built",
        "This is a defect of klp-build unless the file was changed since it was built: please report it with the log.");

    /// <summary>The check that must pass on the patched kernel failed.</summary>
    public static readonly DiagnosticDescriptor AfterCheckFailed = new(
        "LP0815", DiagnosticKind.Error, "The check after loading failed",
        "The patch does not do what the script expects: compare the script's output with the patch.");

    /// <summary>The patch could not be disabled or its module not unloaded.</summary>
    public static readonly DiagnosticDescriptor UnloadFailed = new(
        "LP0816", DiagnosticKind.Error, "The patch cannot be removed again", ReadLog);

    /// <summary>After unloading, the old behaviour did not come back.</summary>
    public static readonly DiagnosticDescriptor RestoredCheckFailed = new(
        "LP0817", DiagnosticKind.Error, "The old behaviour did not come back",
        "State changed by the patched code outlives it: undo it in a post-unpatch callback, or make the check before loading "
            + "independent of it.");

    /// <summary>The kernel complained while the patch was loaded, used or removed.</summary>
    public static readonly DiagnosticDescriptor KernelComplaint = new(
        "LP0818", DiagnosticKind.Error, "The kernel complained", DoNotShip);

    /// <summary>The kernel became tainted beyond what loading a livepatch means.</summary>
    public static readonly DiagnosticDescriptor UnexpectedTaint = new(
        "LP0819", DiagnosticKind.Error, "Unexpected kernel taint", DoNotShip);

    /// <summary>The kernel complained before the patch was loaded: not the patch's fault.</summary>
    public static readonly DiagnosticDescriptor EarlyComplaint = new(
        "LP0820", DiagnosticKind.Warning, "The kernel complained before the patch was loaded",
        "Nothing, unless the complaint concerns the patched code.");

    /// <summary>A module the patch needs or patches cannot be loaded in the guest.</summary>
    public static readonly DiagnosticDescriptor TargetLoadFailed = new(
        "LP0821", DiagnosticKind.Error, "A kernel module cannot be loaded in the guest", ReadLog);

    /// <summary>A check was left out because the order of loading makes it meaningless.</summary>
    public static readonly DiagnosticDescriptor CheckSkipped = new(
        "LP0822", DiagnosticKind.Note, "A check was not run",
        "Verify with the target modules loaded before the patch as well.");

    /// <summary>A patched module did not go, so that loading it again could not be tried.</summary>
    public static readonly DiagnosticDescriptor TargetInUse = new(
        "LP0823", DiagnosticKind.Error, "A patched module cannot be unloaded in the guest",
        "The check script must leave the module unused: unmount, remove devices, close files. A module that cannot be unloaded at all "
            + "is verified with '--order after'.");

    /// <summary>A patched module cannot come back while the livepatch is loaded.</summary>
    public static readonly DiagnosticDescriptor ReloadFailed = new(
        "LP0824", DiagnosticKind.Error, "A patched module cannot be loaded again under the livepatch",
        "On a machine with this livepatch, do not unload the module; or build the livepatch again with a klp-build that takes the "
            + "module's addresses back.");

    /// <summary>The patch does not work on a module that was loaded again.</summary>
    public static readonly DiagnosticDescriptor ReloadedCheckFailed = new(
        "LP0825", DiagnosticKind.Error, "The check after loading the patched module again failed",
        "State that the patched code or the script keeps does not survive the module: compare the output with the one of the check "
            + "before it.");

    /// <summary>The kernel asked for a module that is not in the guest.</summary>
    public static readonly DiagnosticDescriptor ModuleNotAtHand = new(
        "LP0826", DiagnosticKind.Note, "The kernel asked for a module that is not in the guest",
        "When a check failed for want of it, give it with '--extra-module'.");
}

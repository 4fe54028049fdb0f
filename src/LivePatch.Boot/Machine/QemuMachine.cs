using System.Globalization;
using LivePatch.Core.Processes;

namespace LivePatch.Boot.Machine;

/// <summary>
/// A virtual machine as QEMU's command line describes it. Plain emulation (TCG) always: it needs no rights, no
/// nested virtualization, and behaves the same on every host.
///
/// The first serial port carries the kernel's console into a file, the second the guest's report onto QEMU's
/// standard output. Both are ISA ports because their driver is built into distribution kernels, where that of a
/// virtio console is a module.
/// </summary>
internal sealed record QemuMachine
{
    /// <summary>The emulator's program.</summary>
    public required string Program { get; init; }

    /// <summary>Options that say what is emulated.</summary>
    public required IReadOnlyList<string> Hardware { get; init; }

    /// <summary>Kernel parameters this hardware asks for.</summary>
    public required string KernelParameters { get; init; }

    /// <summary>A PC for x86-64 kernels.</summary>
    public static QemuMachine X64 { get; } = new()
    {
        Program = "qemu-system-x86_64",
        // One thread for all virtual CPUs: with a thread each, one may execute what another is rewriting, which real machines order
        // (text_poke with its int3) and the emulator does not: the kernel died of a breakpoint nobody had set.
        Hardware = ["-machine", "pc", "-accel", "tcg,thread=single", "-cpu", "max"],
        // The emulated timers are coarse when the host is busy; without these the kernel spends its time measuring
        // them, or distrusts them half-way. The self-tests of the crypto code are of no interest here.
        KernelParameters = "console=ttyS0 tsc=reliable no_timer_check cryptomgr.notests random.trust_cpu=on",
    };

    /// <summary>The command that boots a kernel.</summary>
    /// <param name="kernel">The image.</param>
    /// <param name="initramfs">The guest's file system.</param>
    /// <param name="consoleLog">Receives the kernel's console.</param>
    /// <param name="request">Memory, CPUs and the overall limit.</param>
    public ProcessRequest Boot(string kernel, string initramfs, string consoleLog, BootVerifyRequest request) =>
        new(
            request.QemuProgram ?? Program,
            [
                .. Hardware,
                "-m", request.MemoryMebibytes.ToString(CultureInfo.InvariantCulture),
                "-smp", request.Cpus.ToString(CultureInfo.InvariantCulture),
                "-nodefaults", "-no-user-config", "-display", "none",
                // A panic reboots at once (panic=-1), and a reboot ends QEMU: no dead guest is waited for.
                "-no-reboot",
                "-kernel", kernel,
                "-initrd", initramfs,
                "-append", $"{KernelParameters} panic=-1 ignore_loglevel printk.devkmsg=on",
                "-serial", $"file:{consoleLog}",
                "-chardev", "stdio,id=report,signal=off",
                "-serial", "chardev:report",
            ])
        {
            Timeout = request.OverallTimeout,
        };
}

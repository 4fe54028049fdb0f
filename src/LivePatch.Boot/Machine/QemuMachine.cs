using System.Globalization;
using LivePatch.Core.Processes;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Boot.Machine;

/// <summary>
/// A virtual machine as QEMU's command line describes it. Plain emulation (TCG) always: it needs no rights, no
/// nested virtualization, and behaves the same on every host.
///
/// The first serial port carries the kernel's console into a file, the second the guest's report onto QEMU's
/// standard output. Their driver is built into distribution kernels, where that of a virtio console is a module.
/// </summary>
internal static class QemuMachine
{
    /// <summary>The command that boots a kernel.</summary>
    /// <param name="machine">What is emulated.</param>
    /// <param name="kernel">The image.</param>
    /// <param name="initramfs">The guest's file system.</param>
    /// <param name="consoleLog">Receives the kernel's console.</param>
    /// <param name="request">Memory, CPUs and the overall limit.</param>
    public static ProcessRequest Boot(
        GuestMachine machine, string kernel, string initramfs, string consoleLog, BootVerifyRequest request) =>
        new(
            request.QemuProgram ?? machine.Program,
            [
                .. machine.Hardware,
                "-m", request.MemoryMebibytes.ToString(CultureInfo.InvariantCulture),
                "-smp", request.Cpus.ToString(CultureInfo.InvariantCulture),
                "-nodefaults", "-no-user-config", "-display", "none",
                // A panic reboots at once (panic=-1), and a reboot ends QEMU: no dead guest is waited for.
                "-no-reboot",
                "-kernel", kernel,
                "-initrd", initramfs,
                "-append", $"{machine.KernelParameters} panic=-1 ignore_loglevel printk.devkmsg=on",
                "-serial", $"file:{consoleLog}",
                "-chardev", "stdio,id=report,signal=off",
                "-serial", "chardev:report",
            ])
        {
            Timeout = request.OverallTimeout,
        };
}

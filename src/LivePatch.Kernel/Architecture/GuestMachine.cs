namespace LivePatch.Kernel.Architecture;

/// <summary>The virtual machine that kernels of one machine are verified in, as QEMU's command line describes it.</summary>
/// <param name="Program">The emulator's program.</param>
/// <param name="Hardware">Options that say what is emulated.</param>
/// <param name="KernelParameters">Kernel parameters this hardware asks for, the console among them.</param>
/// <param name="OopsPlaceMark">How the line of a kernel's complaint begins that names where the processor was.</param>
public sealed record GuestMachine(string Program, IReadOnlyList<string> Hardware, string KernelParameters, string OopsPlaceMark);

using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel;

/// <summary>Diagnostics of the kernel layer, LP02xx.</summary>
public static class KernelDiagnostics
{
    /// <summary>The native disassembler library cannot be loaded.</summary>
    public static readonly DiagnosticDescriptor DisassemblerMissing = new(
        "LP0201", DiagnosticKind.Error, "The disassembler library cannot be loaded",
        "Keep libcapstone.so in the directory of the klp-build executable; publish or install klp-build again.");

    /// <summary>The kernel or object is for a machine this tool does not know.</summary>
    public static readonly DiagnosticDescriptor UnknownMachine = new(
        "LP0202", DiagnosticKind.Error, "Unsupported architecture",
        "Give a kernel, module or object for x86-64.");
}

using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Proof;

/// <summary>What a proof asks of the target kernel.</summary>
public interface IProofTarget
{
    /// <summary>The machine.</summary>
    IArchitecture Architecture { get; }

    /// <summary>Special tables with the target's entry sizes.</summary>
    SpecialSectionCatalog Catalog { get; }

    /// <summary>The kernel image: bytes by link address.</summary>
    ElfObject Image { get; }

    /// <summary>Symbols of vmlinux, in the kernel's order.</summary>
    KernelSymbolTable Symbols { get; }

    /// <summary>The export of that name; null when nothing exports it.</summary>
    ExportedSymbol? FindExport(string name);

    /// <summary>A module's file as it is shipped, and its symbols; null when the kernel has none of that name.</summary>
    (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name);

    /// <summary>Whether ftrace can redirect a function; null when the object is unknown.</summary>
    bool? IsTraceable(string objectName, string name, uint sympos);
}

using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Target;
using LivePatch.Proof;

namespace LivePatch.Pipeline;

/// <summary>The target's tables as a proof asks for them: what was read from its files, and no answer that anything of the build made
/// up.</summary>
internal sealed class ProvedTarget(TargetTables tables) : IProofTarget
{
    public IArchitecture Architecture => tables.Architecture;

    public SpecialSectionCatalog Catalog => tables.Catalog;

    public ElfObject Image => tables.Image;

    public KernelSymbolTable Symbols => tables.Symbols;

    public ExportedSymbol? FindExport(string name) => tables.FindExport(name);

    public (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name) => tables.FindModule(name);

    public bool? IsTraceable(string objectName, string name, uint sympos) => tables.IsTraceable(objectName, name, sympos);
}

using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Proof.Tests;

/// <summary>A kernel whose symbols are known and whose code cannot be read.</summary>
internal sealed class BlindTarget(SmallKernel kernel) : IProofTarget
{
    public IArchitecture Architecture => kernel.Architecture;

    public SpecialSectionCatalog Catalog => kernel.Catalog;

    public ElfObject Image => kernel.Objects[0].Original;

    public KernelSymbolTable Symbols => kernel.Symbols;

    public ExportedSymbol? FindExport(string name) => kernel.FindExport(name);

    public (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name) => null;

    public bool? IsTraceable(string objectName, string name, uint sympos) => kernel.IsTraceable(objectName, name, sympos);
}

using LivePatch.Build.Kbuild;
using LivePatch.Elf;
using LivePatch.Module.Extract;

namespace LivePatch.Build.Pipeline;

/// <summary>Compiles the object as shipped only when a name is really ambiguous: most patches never need it.</summary>
internal sealed class LazyLocator(Func<CompiledObject> compile, TargetTables tables, string name) : ISymbolLocator
{
    private readonly Lazy<ShippedObjectLocator> _locator = new(() =>
        new ShippedObjectLocator(ElfObject.Read(compile().File, name), tables.Image, tables.Symbols, tables.Architecture));

    public ulong? AddressOf(SymbolRequest request) => _locator.Value.AddressOf(request);
}

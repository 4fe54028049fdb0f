using LivePatch.Elf;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Shipped;

/// <summary>Tells equal static names apart by the source file named in the symbol table, where it names files.</summary>
public sealed class FileGroupLocator(KernelSymbolTable symbols, ElfObject original) : ISymbolLocator
{
    /// <inheritdoc/>
    public SymbolPlace? PlaceOf(SymbolRequest request)
    {
        var file = original.Symbols.FirstOrDefault(static symbol => symbol.Type == ElfSymbolType.File)?.Name;
        var found = symbols.Find(request.Name).Where(symbol => symbol.FileName == file && file is not null).ToList();
        return found.Count == 1 ? new SymbolPlace(found[0].Address, found[0].Section) : null;
    }
}

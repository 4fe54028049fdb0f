using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;

namespace LivePatch.Build.Pipeline;

/// <summary>Tells a module's equal static names apart by the source file they stand under in the shipped module's symbol table.</summary>
internal sealed class FileNameLocator(KernelSymbolTable symbols, string objectPath) : ISymbolLocator
{
    public ulong? AddressOf(SymbolRequest request)
    {
        var file = Path.GetFileNameWithoutExtension(objectPath) + ".c";
        var found = symbols.Find(request.Name).Where(symbol => symbol.FileName is { } name && Path.GetFileName(name) == file).ToList();
        return found.Count == 1 ? found[0].Address : null;
    }
}

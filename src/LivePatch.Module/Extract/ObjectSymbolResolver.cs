using LivePatch.Core.Diagnostics;
using LivePatch.Elf;

namespace LivePatch.Module.Extract;

/// <summary>
/// Resolves without a kernel: the original object's own symbols stand for the kernel's. Enough to compare and extract one pair;
/// positions among equal names are those in the object, so the result is for inspection and not for loading.
/// </summary>
public sealed class ObjectSymbolResolver(ElfObject original, string objectName, Func<string, bool>? isExported = null) : ISymbolResolver
{
    /// <inheritdoc/>
    public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics)
    {
        if (!request.IsLocal && (isExported?.Invoke(request.Name) ?? false))
        {
            return new SymbolResolution.Exported(null);
        }

        return new SymbolResolution.Klp(objectName, request.Name, Position(request));
    }

    /// <inheritdoc/>
    public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics) =>
        new(objectName, request.Name, Position(request));

    private uint Position(SymbolRequest request)
    {
        var same = original.FindSymbols(request.Name).Where(static symbol => symbol.Section is not null).ToList();
        var index = request.Original?.Symbol is { } symbol ? same.IndexOf(symbol) : -1;
        return same.Count > 1 && index >= 0 ? (uint)index + 1 : 0;
    }
}

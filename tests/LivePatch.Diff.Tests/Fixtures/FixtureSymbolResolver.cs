using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Module.Extract;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>
/// Stands for the target kernel: what the object defines is found there under its name, what it leaves undefined
/// is in vmlinux or, where the case says so, in some other module.
/// </summary>
internal sealed class FixtureSymbolResolver(ElfObject original, string objectName, IReadOnlySet<string> moduleOwned) : ISymbolResolver
{
    public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics) =>
        request.Original is null
            ? new SymbolResolution.Klp(moduleOwned.Contains(request.Name) ? "other_module" : "vmlinux", request.Name, 0)
            : Locate(request, diagnostics);

    public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics)
    {
        var same = original.FindSymbols(request.Name).Where(static symbol => symbol.Section is not null).ToList();
        var position = request.Original?.Symbol is { } symbol ? same.IndexOf(symbol) : -1;
        return new SymbolResolution.Klp(objectName, request.Name, same.Count > 1 ? (uint)(position + 1) : 0);
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Module.Extract;

/// <summary>
/// Resolves against the target kernel's own tables.
///
/// What vmlinux exports is an ordinary symbol. What a module exports is not: an ordinary reference would tie the livepatch to
/// that module being loaded first. Everything else must be in the patched object itself, where its name may occur
/// several times; then only its address tells which one is meant, and the locator has to prove it. A static symbol is
/// never taken for an export of the same name.
/// </summary>
/// <param name="objectName">"vmlinux" or the module that is patched.</param>
/// <param name="symbols">Symbols of that object in the kernel's order.</param>
/// <param name="symvers">Exports.</param>
/// <param name="locator">Tells equal names apart.</param>
public sealed class KernelSymbolResolver(string objectName, KernelSymbolTable symbols, ModuleSymvers symvers, ISymbolLocator locator) : ISymbolResolver
{
    /// <inheritdoc/>
    public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics)
    {
        if (!request.IsLocal && symvers.Find(request.Name) is { } export)
        {
            if (export.IsFromVmlinux)
            {
                return new SymbolResolution.Exported(export.Namespace.Length == 0 ? null : export.Namespace);
            }

            if (export.Owner != objectName)
            {
                return new SymbolResolution.Klp(export.Owner, request.Name, 0);
            }
        }

        if (!symbols.Contains(request.Name) && request.IsWeak)
        {
            return new SymbolResolution.Absent();
        }

        return Find(request, diagnostics);
    }

    /// <inheritdoc/>
    public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics)
    {
        // References to a weak name mean whichever definition the linker chose. To replace it is another matter: the name
        // would lead to the other object's function, which the patch does not mean.
        var found = symbols.Find(request.Name);
        if (request.Original?.Symbol is { Binding: ElfSymbolBinding.Weak } && found.Count > 0 && !found.Any(static symbol => symbol.TypeCharacter is 'W' or 'V' or 'w' or 'v'))
        {
            diagnostics.Add(DiffRefusals.WeakOverridden.At(
                request.Place, $"{request.Name} is weak here, and the one in {symbols.Source} is not: another object's definition overrides it."));
            return null;
        }

        return Find(request, diagnostics);
    }

    private SymbolResolution.Klp? Find(SymbolRequest request, DiagnosticBag diagnostics)
    {
        var found = symbols.Find(request.Name);
        switch (found.Count)
        {
            case 0:
                diagnostics.Add(ModuleDiagnostics.SymbolMissing.At(
                    request.Place, $"It needs {request.Name}, which {symbols.Source} does not have: the compiler inlined or dropped it there, or the sources differ."));
                return null;
            case 1 when !HasBinding(found[0], request.IsLocal):
                // The name is there, but it is another file's: a static of this one was inlined away, or the reverse.
                diagnostics.Add(ModuleDiagnostics.SymbolMissing.At(
                    request.Place,
                    $"It needs the {(request.IsLocal ? "static" : "global")} {request.Name}, and the only symbol of that name in {symbols.Source} is {(request.IsLocal ? "global" : "static")}."));
                return null;
            case 1:
                return new SymbolResolution.Klp(objectName, request.Name, 0);
        }

        if (!request.IsLocal && found.Count(static symbol => symbol.IsGlobal) == 1)
        {
            return At(request, found.First(static symbol => symbol.IsGlobal).Address, found.Count, diagnostics);
        }

        return locator.AddressOf(request) is { } address
            ? At(request, address, found.Count, diagnostics)
            : Ambiguous(request, found.Count, "and the code around it in the target image does not show which of them is meant", diagnostics);
    }

    /// <summary>kallsyms writes per-CPU symbols as absolute ('A') whatever their binding.</summary>
    private static bool HasBinding(in KernelSymbol symbol, bool isLocal) =>
        symbol.TypeCharacter is 'A' or 'a' || symbol.IsGlobal != isLocal;

    private SymbolResolution.Klp? At(SymbolRequest request, ulong address, int count, DiagnosticBag diagnostics)
    {
        var position = symbols.PositionOf(request.Name, address);
        return position.Status switch
        {
            SymbolPositionStatus.Known => new SymbolResolution.Klp(objectName, request.Name, (uint)position.Value),
            SymbolPositionStatus.OrderUnknown => Ambiguous(request, count, "and the symbol list given does not keep the kernel's order", diagnostics),
            SymbolPositionStatus.Unstable => Ambiguous(request, count, "and which one it is depends on whether the module is loading or loaded", diagnostics),
            _ => Ambiguous(request, count, "and none of them is where the target image has it", diagnostics),
        };
    }

    private SymbolResolution.Klp? Ambiguous(SymbolRequest request, int count, string why, DiagnosticBag diagnostics)
    {
        diagnostics.Add(ModuleDiagnostics.SymbolAmbiguous.At(
            request.Place, $"It needs {request.Name}, {objectName} has {count} symbols of that name, {why}."));
        return null;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Module.Extract;

/// <summary>
/// Resolves against the target kernel's own tables.
///
/// What vmlinux exports is an ordinary symbol, unless it is exported to named modules only, among which a livepatch is not.
/// What a module exports is not: an ordinary reference would tie the livepatch to that module being loaded first. It
/// is resolved when the patched module arrives, so its owner must be there by then: the patched module must
/// depend on it already. What vmlinux does not export is resolved by the livepatch core at load, for code of modules too.
///
/// Everything else must be in the patched object itself, where its name may occur several times; then only its place tells
/// which one is meant, and the locator has to prove it. A static symbol is never taken for an export of the same name, nor an
/// export for a global of the module's own objects.
/// </summary>
/// <param name="objectName">"vmlinux" or the module that is patched.</param>
/// <param name="symbols">Symbols of that object in the kernel's order.</param>
/// <param name="symvers">Exports.</param>
/// <param name="locator">Tells equal names apart.</param>
/// <param name="surroundings">What else is loaded; null when the target is known by these tables alone.</param>
public sealed class KernelSymbolResolver(
    string objectName, KernelSymbolTable symbols, ModuleSymvers symvers, ISymbolLocator locator, ISurroundings? surroundings =
        null) : ISymbolResolver
{
    /// <summary>Prefix of namespaces that list the modules which may import (EXPORT_SYMBOL_FOR_MODULES, Linux 6.16).</summary>
    private const string ModulesOnly = "module:";

    /// <inheritdoc/>
    public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics)
    {
        if (request.IsLocal || IsOwnGlobal(request.Name))
        {
            return ReferenceIn(objectName, symbols, request, diagnostics);
        }

        var export = symvers.Find(request.Name);
        if (export is { IsFromVmlinux: true } && !export.Namespace.StartsWith(ModulesOnly, StringComparison.Ordinal))
        {
            return new SymbolResolution.Exported(export.Namespace.Length == 0 ? null : export.Namespace);
        }

        if (export is { IsFromVmlinux: false } && export.Owner != objectName)
        {
            return OfModule(export.Owner, request, diagnostics);
        }

        if (objectName != ModuleName.Vmlinux && surroundings is not null
            && surroundings.Vmlinux.Find(request.Name).Any(static symbol => symbol.IsGlobal))
        {
            return ReferenceIn(ModuleName.Vmlinux, surroundings.Vmlinux, request, diagnostics);
        }

        if (!symbols.Contains(request.Name) && request.IsWeak)
        {
            return new SymbolResolution.Absent();
        }

        return ReferenceIn(objectName, symbols, request, diagnostics);
    }

    /// <inheritdoc/>
    public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics)
    {
        // References to a weak name mean whichever definition the linker chose. To replace it is another matter: the name
        // would lead to the other object's function, which the patch does not mean.
        var found = symbols.Find(request.Name);
        if (request.Original?.Symbol is { Binding: ElfSymbolBinding.Weak } && found.Count > 0
            && !found.Any(static symbol => symbol.TypeCharacter is 'W' or 'V' or 'w' or 'v'))
        {
            diagnostics.Add(DiffRefusals.WeakOverridden.At(
                request.Place,
                $"{request.Name} is weak here, and the one in {symbols.Source} is not: another object's definition overrides it."));
            return null;
        }

        return LocateIn(objectName, symbols, request, diagnostics);
    }

    /// <summary>The linker takes a module's own definition before any export.</summary>
    private bool IsOwnGlobal(string name) =>
        objectName != ModuleName.Vmlinux && symbols.Find(name).Any(static symbol => symbol.IsGlobal);

    private SymbolResolution.Klp? OfModule(string owner, SymbolRequest request, DiagnosticBag diagnostics)
    {
        if (surroundings is null)
        {
            return new SymbolResolution.Klp(owner, request.Name, 0);
        }

        if (objectName == ModuleName.Vmlinux || !surroundings.IsLoadedBefore(owner))
        {
            diagnostics.Add(ModuleDiagnostics.OwnerMayBeAbsent.At(
                request.Place,
                $"It needs {request.Name}, which the module {owner} exports, and {objectName} does not depend on that module: it may be "
                    + $"absent when the livepatch has to find the symbol."));
            return null;
        }

        if (surroundings.SymbolsOf(owner) is { } table)
        {
            return LocateIn(owner, table, request, diagnostics);
        }

        diagnostics.Add(ModuleDiagnostics.SymbolMissing.At(
            request.Place, $"It needs {request.Name} of the module {owner}, which the target kernel does not have."));
        return null;
    }

    /// <summary>As <see cref="LocateIn"/>, for references: what livepatch cannot find because it lies at zero is known here
    /// already.</summary>
    private SymbolResolution? ReferenceIn(string owner, KernelSymbolTable table, SymbolRequest request, DiagnosticBag diagnostics) =>
        owner == ModuleName.Vmlinux && table.Find(request.Name) is [{ Address: 0 }]
            ? new SymbolResolution.Constant(0)
            : LocateIn(owner, table, request, diagnostics);

    private SymbolResolution.Klp? LocateIn(string owner, KernelSymbolTable table, SymbolRequest request, DiagnosticBag diagnostics)
    {
        var found = table.Find(request.Name);
        switch (found.Count)
        {
            case 0:
                diagnostics.Add(ModuleDiagnostics.SymbolMissing.At(
                    request.Place,
                    $"It needs {request.Name}, which {table.Source} does not have: the compiler inlined or dropped it there, or the "
                        + $"sources differ."));
                return null;
            case 1 when !HasBinding(found[0], request.IsLocal):
                // The name is there, but it is another file's: a static of this one was inlined away, or the reverse.
                diagnostics.Add(ModuleDiagnostics.SymbolMissing.At(
                    request.Place,
                    $"It needs the {(request.IsLocal ? "static" : "global")} {request.Name}, and the only symbol of that name in "
                        + $"{table.Source} is {(request.IsLocal ? "global" : "static")}."));
                return null;
            case 1:
                return At(owner, table, request, new SymbolPlace(found[0].Address, found[0].Section), 1, diagnostics);
        }

        if (!request.IsLocal && found.Count(static symbol => symbol.IsGlobal) == 1)
        {
            var global = found.First(static symbol => symbol.IsGlobal);
            return At(owner, table, request, new SymbolPlace(global.Address, global.Section), found.Count, diagnostics);
        }

        return owner == objectName && locator.PlaceOf(request) is { } place
            ? At(owner, table, request, place, found.Count, diagnostics)
            : Ambiguous(
                owner,
                request,
                found.Count,
                "and the code around it in the target image does not show which of them is meant",
                diagnostics);
    }

    /// <summary>kallsyms writes per-CPU symbols as absolute ('A') whatever their binding.</summary>
    private static bool HasBinding(in KernelSymbol symbol, bool isLocal) =>
        symbol.TypeCharacter is 'A' or 'a' || symbol.IsGlobal != isLocal;

    private SymbolResolution.Klp? At(
        string owner, KernelSymbolTable table, SymbolRequest request, SymbolPlace place, int count, DiagnosticBag diagnostics)
    {
        var position = table.PositionOf(request.Name, place.Address, place.Section);
        switch (position.Status)
        {
            case SymbolPositionStatus.Known when request.TakesAddress && (surroundings?.IsSealed(owner, place) ?? false):
                diagnostics.Add(DiffRefusals.SealedPointer.At(
                    request.Place,
                    $"It takes the address of {request.Name}. Nothing in {owner} did, so the kernel removes that function's landing "
                        + $"pad, and a call through the pointer would fault on machines that track indirect branches.",
                    $"Take the address of a new static function that calls {request.Name}."));
                return null;
            case SymbolPositionStatus.Known:
                return new SymbolResolution.Klp(owner, request.Name, (uint)position.Value);
            case SymbolPositionStatus.NotResident:
                diagnostics.Add(ModuleDiagnostics.SymbolGone.At(
                    request.Place,
                    owner == ModuleName.Vmlinux
                        ? $"It needs {request.Name}, which is initialisation code or data of {owner}: that memory is freed when the "
                            + $"kernel has booted."
                        : $"It needs {request.Name} in {place.Section} of {owner}, which is dropped when the module has been loaded."));
                return null;
            case SymbolPositionStatus.OrderUnknown:
                return Ambiguous(owner, request, count, "and the symbol list given does not keep the kernel's order", diagnostics);
            case SymbolPositionStatus.Unstable:
                return Ambiguous(
                    owner,
                    request,
                    count,
                    "and which one a position means depends on whether the module is loading or loaded",
                    diagnostics);
            default:
                return Ambiguous(owner, request, count, "and none of them is where the target image has it", diagnostics);
        }
    }

    private static SymbolResolution.Klp? Ambiguous(string owner, SymbolRequest request, int count, string why, DiagnosticBag diagnostics)
    {
        diagnostics.Add(ModuleDiagnostics.SymbolAmbiguous.At(
            request.Place, $"It needs {request.Name}, {owner} has {count} symbols of that name, {why}."));
        return null;
    }
}

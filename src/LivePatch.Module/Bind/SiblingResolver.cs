using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Bind;

/// <summary>
/// Resolves names first among the objects of the same owner, as the link of that owner would, then in the running kernel,
/// and last among the patch's objects of other owners: there a name is bound although no kernel could be linked so, because
/// inside one livepatch module it can.
/// </summary>
/// <param name="self">The object whose code refers.</param>
/// <param name="siblings">All objects of the patch.</param>
/// <param name="kernel">The running kernel.</param>
public sealed class SiblingResolver(SiblingObject self, SiblingSymbols siblings, ISymbolResolver kernel) : ISymbolResolver
{
    /// <inheritdoc/>
    public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics)
    {
        // What the object itself has or had is no matter of its siblings.
        if (request.Original is not null || request.IsLocal)
        {
            return kernel.Resolve(request, diagnostics);
        }

        var definitions = siblings.Definitions(request.Name).Where(item => item.Object != self).ToList();
        if (definitions.Find(item => item.Object.Owner == self.Owner) is { } own)
        {
            return Bind(own, request, diagnostics);
        }

        if (siblings.Removed(request.Name, self.Owner) is { } removed)
        {
            diagnostics.Add(
                SiblingDiagnostics.UsesRemoved.At(request.Place, $"It uses {request.Name}, which the patch takes out of {removed.Path}."));
            return null;
        }

        var found = new DiagnosticBag();
        var resolution = kernel.Resolve(request, found);
        if (resolution is not null || definitions.Count == 0)
        {
            diagnostics.AddRange(found);
            return resolution;
        }

        if (definitions.Count == 1)
        {
            return Bind(definitions[0], request, diagnostics);
        }

        diagnostics.Add(SiblingDiagnostics.DefinedTwice.At(
            request.Place,
            $"It uses {request.Name}, which is added to {string.Join(" and to ", definitions.Select(static item => item.Object.Path))}."));
        return null;
    }

    /// <inheritdoc/>
    public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics) => kernel.Locate(request, diagnostics);

    private static SymbolResolution? Bind(SiblingDefinition definition, SymbolRequest request, DiagnosticBag diagnostics)
    {
        if (definition.Original is not { Symbol: { } symbol })
        {
            return new SymbolResolution.Sibling(SiblingSymbols.NameFor(definition.Object, request.Name));
        }

        // The running kernel has it, as a static or under its old name.
        return definition.Object.Resolver.Value?.Resolve(
            request with { Name = symbol.Name, IsLocal = symbol.Binding == ElfSymbolBinding.Local, IsWeak = false, Original = definition.Original },
            diagnostics);
    }
}

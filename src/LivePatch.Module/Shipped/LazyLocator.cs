using LivePatch.Module.Extract;

namespace LivePatch.Module.Shipped;

/// <summary>Makes a locator only when a name is really ambiguous: most patches never need the object compiled as shipped.</summary>
internal sealed class LazyLocator(Func<ISymbolLocator> make) : ISymbolLocator
{
    private readonly Lazy<ISymbolLocator> _locator = new(make);

    public SymbolPlace? PlaceOf(SymbolRequest request) => _locator.Value.PlaceOf(request);
}

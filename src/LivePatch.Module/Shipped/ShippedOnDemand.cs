using LivePatch.Elf;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Shipped;

/// <summary>
/// A locator for which the object is compiled as it was shipped only when a name is really ambiguous: most patches never need it. Whoever
/// is asked without the object knows no place, and remembers that it is wanted; then the object is to be given, and what asked is to be
/// done again.
/// </summary>
/// <param name="make">Makes the locator from the object as it was shipped.</param>
public sealed class ShippedOnDemand(Func<ElfObject, ISymbolLocator> make) : ISymbolLocator, IDisposable
{
    private ElfObject? _shipped;
    private ISymbolLocator? _locator;
    private bool _wasAsked;

    /// <summary>True when a place was asked for and the object has not been given.</summary>
    public bool IsWanted => _wasAsked && _locator is null;

    /// <summary>Gives the object as it was shipped, which is closed with this.</summary>
    public void Give(ElfObject shipped)
    {
        _shipped = shipped;
        _locator = make(shipped);
    }

    /// <inheritdoc/>
    public SymbolPlace? PlaceOf(SymbolRequest request)
    {
        _wasAsked = true;
        return _locator?.PlaceOf(request);
    }

    /// <inheritdoc/>
    public void Dispose() => _shipped?.Dispose();
}

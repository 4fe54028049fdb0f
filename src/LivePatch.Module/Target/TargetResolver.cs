using LivePatch.Module.Extract;
using LivePatch.Module.Shipped;

namespace LivePatch.Module.Target;

/// <summary>The target as the code of one object sees it.</summary>
/// <param name="Resolver">Finds symbols for it.</param>
/// <param name="Shipped">Tells equal names apart, where the object as it was shipped is given.</param>
public sealed record TargetResolver(ISymbolResolver Resolver, ShippedOnDemand Shipped);

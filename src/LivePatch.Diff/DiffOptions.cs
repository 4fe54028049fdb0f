using LivePatch.Kernel;

namespace LivePatch.Diff;

/// <summary>What the engine needs to know besides the two objects.</summary>
/// <param name="ObjectName">"vmlinux" or the module the object belongs to.</param>
/// <param name="Owners">Who defines what the object leaves undefined.</param>
/// <param name="MovedLines">For each line of the original source its line in the patched source; null when the patch is not known.</param>
public sealed record DiffOptions(string ObjectName, ISymbolOwners Owners, IReadOnlyDictionary<int, int>? MovedLines = null)
{
    /// <summary>Variables the author pairs: the name in the original and the one in the patched object. An empty original name says that
    /// the patched one is new.</summary>
    public IReadOnlyList<(string Original, string Patched)> Pairs { get; init; } = [];

    /// <summary>Functions whose changed prototype the author accepts.</summary>
    public IReadOnlyCollection<string> AllowedPrototypeChanges { get; init; } = [];

    /// <summary>True when the object belongs to a module.</summary>
    public bool IsModule => ObjectName != ModuleName.Vmlinux;
}

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>What a case hands to the engine.</summary>
/// <param name="OriginalObject">The object before the patch.</param>
/// <param name="PatchedObject">The object after the patch.</param>
/// <param name="ObjectName">"vmlinux" or the module the object belongs to.</param>
/// <param name="ModuleOwned">Undefined symbols that some module defines; vmlinux defines all others.</param>
/// <param name="StructSizes">Entry sizes in bytes of the target kernel's tables by structure name.</param>
/// <param name="MovedLines">For each line of the original source its line in the patched one; null when not known.</param>
public sealed record DiffRequest(
    ReadOnlyMemory<byte> OriginalObject,
    ReadOnlyMemory<byte> PatchedObject,
    string ObjectName,
    IReadOnlySet<string> ModuleOwned,
    IReadOnlyDictionary<string, int> StructSizes,
    IReadOnlyDictionary<int, int>? MovedLines)
{
    /// <summary>Variables the author pairs.</summary>
    public IReadOnlyList<(string Original, string Patched)> Pairs { get; init; } = [];

    /// <summary>Functions whose changed prototype the author accepts.</summary>
    public IReadOnlyCollection<string> AllowedPrototypes { get; init; } = [];

    /// <summary>Undefined symbols that lie in read-only memory.</summary>
    public IReadOnlySet<string> ReadOnly { get; init; } = new HashSet<string>();

    /// <summary>The request for two objects under a case's circumstances.</summary>
    public static DiffRequest For(FixtureCase fixture, ReadOnlyMemory<byte> original, ReadOnlyMemory<byte> patched) =>
        new(original, patched, fixture.ObjectName, fixture.ModuleOwned, fixture.StructSizes, fixture.MovedLines)
        {
            Pairs = fixture.Pairs,
            AllowedPrototypes = fixture.AllowedPrototypes,
            ReadOnly = fixture.ReadOnly,
        };
}

namespace LivePatch.Module.Extract;

/// <summary>The parts of a patched object that go into the livepatch module, as a relocatable object.</summary>
/// <param name="ObjectName">"vmlinux" or the module that is patched.</param>
/// <param name="SourceObject">The object's path in the kernel tree: "fs/proc/meminfo.o".</param>
/// <param name="Content">The object file.</param>
/// <param name="Replaced">Functions that are replaced, in the object's order.</param>
/// <param name="Added">Names of new functions.</param>
/// <param name="KlpSymbols">Symbols the livepatch core resolves: (object, name, sympos).</param>
/// <param name="Namespaces">Export namespaces to import, sorted.</param>
public sealed record ExtractedObject(
    string ObjectName,
    string SourceObject,
    ReadOnlyMemory<byte> Content,
    IReadOnlyList<ReplacedFunction> Replaced,
    IReadOnlyList<string> Added,
    IReadOnlyList<SymbolResolution.Klp> KlpSymbols,
    IReadOnlyList<string> Namespaces)
{
    /// <summary>True when some of its symbols are found only once the patched module is loaded.</summary>
    public bool HasLateSymbols =>
        ObjectName != Kernel.ModuleName.Vmlinux && KlpSymbols.Any(static symbol => symbol.ObjectName != Kernel.ModuleName.Vmlinux);

    /// <summary>New symbols that other objects of the module may use.</summary>
    public IReadOnlyList<SharedSymbol> Shared { get; init; } = [];

    /// <summary>Constants that the livepatch must write into its code itself.</summary>
    public IReadOnlyList<RuntimeConstant> RuntimeConstants { get; init; } = [];

    /// <summary>Link names of the other objects' new symbols that this one uses.</summary>
    public IReadOnlyList<string> SiblingUses { get; init; } = [];
}

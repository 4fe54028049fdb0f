namespace LivePatch.Module.Extract;

/// <summary>How a symbol of the running kernel is reached.</summary>
public abstract record SymbolResolution
{
    private SymbolResolution()
    {
    }

    /// <summary>Exported by vmlinux: an ordinary undefined symbol, which the module loader resolves.</summary>
    /// <param name="Namespace">The export's namespace, which the module must import; null for none.</param>
    public sealed record Exported(string? Namespace) : SymbolResolution;

    /// <summary>Resolved by the livepatch core.</summary>
    /// <param name="ObjectName">"vmlinux" or the module that defines it.</param>
    /// <param name="Name">Its name there.</param>
    /// <param name="Sympos">0 when the name is unique in the object, else which occurrence, from 1.</param>
    public sealed record Klp(string ObjectName, string Name, uint Sympos) : SymbolResolution;

    /// <summary>The same number on every machine with this kernel, and no address: a per-CPU offset of zero, which the livepatch core takes
    /// for a symbol it did not find (klp_find_object_symbol, kernel/livepatch/core.c, Linux 6.1).</summary>
    /// <param name="Value">The number.</param>
    public sealed record Constant(ulong Value) : SymbolResolution;

    /// <summary>New, and defined by another object of the same patch: the module's own link binds it.</summary>
    /// <param name="LinkName">The definition's global name in that object.</param>
    public sealed record Sibling(string LinkName) : SymbolResolution;

    /// <summary>Not in this kernel, and allowed to be: a weak reference that reads as null.</summary>
    public sealed record Absent : SymbolResolution;
}

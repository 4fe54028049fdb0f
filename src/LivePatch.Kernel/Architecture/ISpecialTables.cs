using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture;

/// <summary>The tables that kernels of one machine keep about their code.</summary>
public interface ISpecialTables
{
    /// <summary>The special sections with entry sizes of one kernel, in bytes by structure name.</summary>
    SpecialSectionCatalog Catalog(IReadOnlyDictionary<string, int> structSizes);

    /// <summary>Name of the table of landing pads that the kernel removes when it boots or loads a module: 32-bit offsets from the entry
    /// to a pad. Null where there is none.</summary>
    string? LandingPadRemovals { get; }

    /// <summary>How far behind the place that an entry names the relocated field of its instruction may begin.</summary>
    int FarthestField { get; }

    /// <summary>How many bytes of replacement code an entry of a special table has; null when the table has no such thing.</summary>
    /// <param name="table">Name of the table's section.</param>
    /// <param name="entry">The entry's bytes.</param>
    int? ReplacementBytes(string table, ReadOnlySpan<byte> entry);

    /// <summary>How many bytes of code, from the place an entry of a special table names, the kernel rewrites when it loads the
    /// module; 0 when it only reads the table.</summary>
    /// <param name="table">Name of the table's section.</param>
    /// <param name="entry">The entry's bytes; may be empty when the table cannot be cut into entries.</param>
    /// <param name="code">The code from that place on.</param>
    int RewrittenBytes(string table, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> code);

    /// <summary>What a section with that name holds the places of: the variable whose value the kernel writes there at boot, and how many
    /// bytes of it. Null for other sections.</summary>
    (string Variable, int Width)? RuntimeConstant(string section);
}

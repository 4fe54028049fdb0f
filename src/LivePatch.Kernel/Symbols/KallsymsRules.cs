namespace LivePatch.Kernel.Symbols;

/// <summary>
/// Which symbols of a linked kernel reach its kallsyms table, and in which order. The kernel's own table is always
/// the better source; these rules are for a vmlinux or an nm listing given instead of an image.
/// </summary>
/// <remarks>Facts from scripts/mksysmap and scripts/kallsyms.c of Linux 6.1: names dropped between nm and the table,
/// and the tie-breaks among symbols at one address. Names that other machines drop are left out.</remarks>
internal static class KallsymsRules
{
    private static readonly string[] DroppedPrefixes =
        ["$", ".L", "__crc_", "__kstrtab_", "__kstrtabns_", "__efistub_", "__kcfi_typeid_"];

    private static readonly HashSet<string> DroppedNames = new(StringComparer.Ordinal)
    {
        "L0", "kallsyms_addresses", "kallsyms_offsets", "kallsyms_relative_base", "kallsyms_num_syms", "kallsyms_names",
        "kallsyms_markers", "kallsyms_token_table", "kallsyms_token_index", "kallsyms_seqs_of_names",
    };

    /// <summary>True when the symbol is in the kernel's table.</summary>
    public static bool Keeps(string name, char type) =>
        name.Length > 0
        && char.ToUpperInvariant(type) is not ('A' or 'N' or 'U')
        && type != 'w'
        && !DroppedNames.Contains(name)
        && !Array.Exists(DroppedPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Puts symbols into the order of the kernel's table.</summary>
    public static KernelSymbol[] Sort(List<KernelSymbol> symbols)
    {
        // The input of scripts/kallsyms is "nm -n" in the C locale: by address, then by name.
        var listed = symbols.OrderBy(static symbol => symbol.Address).ThenBy(static symbol => symbol.Name, StringComparer.Ordinal);
        return [.. listed
            .OrderBy(static symbol => symbol.Address)
            .ThenBy(static symbol => symbol.TypeCharacter is 'w' or 'W')
            .ThenBy(static symbol => MayBeProvidedByLinkerScript(symbol.Name))
            .ThenBy(static symbol => LeadingUnderscores(symbol.Name))];
    }

    private static bool MayBeProvidedByLinkerScript(string name) =>
        name.Length >= 8
        && name.StartsWith("__", StringComparison.Ordinal)
        && (name.AsSpan(2).StartsWith("start_", StringComparison.Ordinal)
            || name.AsSpan(2).StartsWith("stop_", StringComparison.Ordinal)
            || name.AsSpan(2).StartsWith("end_", StringComparison.Ordinal)
            || name.EndsWith("_start", StringComparison.Ordinal)
            || name.EndsWith("_end", StringComparison.Ordinal));

    private static int LeadingUnderscores(string name)
    {
        var count = name.AsSpan().IndexOfAnyExcept('_');
        return count < 0 ? name.Length : count;
    }
}

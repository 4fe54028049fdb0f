using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>The entries EXPORT_SYMBOL makes: __ksymtab_NAME, and __export_symbol_NAME since Linux 6.4 (include/linux/export.h).</summary>
internal static class ExportNames
{
    private static readonly string[] Prefixes = ["__ksymtab_", "__export_symbol_"];

    /// <summary>True for the entry itself, as against its strings and checksum.</summary>
    public static bool IsExport(Atom atom) => Array.Exists(Prefixes, prefix => atom.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What is exported.</summary>
    public static string Exported(Atom atom) =>
        Array.Find(Prefixes, prefix => atom.Name.StartsWith(prefix, StringComparison.Ordinal)) is { } found
            ? atom.Name[found.Length..]
            : atom.Name;
}

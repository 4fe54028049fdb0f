namespace LivePatch.Proof;

/// <summary>Names of static calls: the key and the trampoline of one (include/linux/static_call_types.h).</summary>
internal static class StaticCallNames
{
    /// <summary>What a key is for; null for other names.</summary>
    public static string? Key(string name) => Behind(name, "__SCK__");

    /// <summary>What a trampoline is for; null for other names.</summary>
    public static string? Trampoline(string name) => Behind(name, "__SCT__");

    private static string? Behind(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..]
        : null;
}

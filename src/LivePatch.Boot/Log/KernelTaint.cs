namespace LivePatch.Boot.Log;

/// <summary>The kernel's taint mask, <c>/proc/sys/kernel/tainted</c> (Documentation/admin-guide/tainted-kernels.rst, 6.1).</summary>
internal static class KernelTaint
{
    /// <summary>What loading a livepatch module made outside the kernel's tree means: K (livepatch), O (out of tree),
    /// E (unsigned).</summary>
    public const ulong OfLivepatch = 1 << 15 | 1 << 12 | 1 << 13;

    /// <summary>What loading a patched module by itself may mean: P (proprietary), C (staging), O, E, X (auxiliary).</summary>
    public const ulong OfModules = 1 << 0 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 16;

    private static readonly string[] Names =
    [
        "P (proprietary module)", "F (module force-loaded)", "S (out of specification)", "R (module force-unloaded)",
        "M (machine check)", "B (bad page)", "U (requested by user)", "D (oops or BUG)", "A (ACPI table overridden)",
        "W (warning)", "C (staging driver)", "I (firmware workaround)", "O (out-of-tree module)", "E (unsigned module)",
        "L (soft lockup)", "K (livepatch)", "X (auxiliary)", "T (struct randomization)", "N (in-kernel test)",
    ];

    /// <summary>The set bits as text.</summary>
    public static string Describe(ulong mask)
    {
        var parts = new List<string>();
        for (var bit = 0; bit < 64; bit++)
        {
            if ((mask >> bit & 1) != 0)
            {
                parts.Add(bit < Names.Length ? Names[bit] : $"bit {bit}");
            }
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }
}

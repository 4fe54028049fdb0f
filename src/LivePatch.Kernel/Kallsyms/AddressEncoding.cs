namespace LivePatch.Kernel.Kallsyms;

/// <summary>How a kallsyms table writes addresses (kallsyms_sym_address in kernel/kallsyms.c of the versions named).</summary>
internal enum AddressEncoding
{
    /// <summary>u64 addresses: CONFIG_KALLSYMS_BASE_RELATIVE off.</summary>
    Absolute,

    /// <summary>u32 offsets from a base: all machines from 6.15 on, and most before.</summary>
    BaseRelative,

    /// <summary>s32: not negative is an absolute (per-CPU) value, negative counts from the base the other way round:
    /// CONFIG_KALLSYMS_ABSOLUTE_PERCPU, up to 6.14.</summary>
    BaseRelativeAbsolutePercpu,

    /// <summary>s32 distance from the entry itself: the base is gone (2026).</summary>
    PlaceRelative,
}

namespace LivePatch.Boot.Log;

/// <summary>What a suspicious line of the kernel log is.</summary>
internal enum KernelLogFindingKind
{
    /// <summary>WARN(), lockdep, and other lines starting with WARNING.</summary>
    Warning,

    /// <summary>BUG(), a bad access, a lockup, a sanitizer's report.</summary>
    Bug,

    /// <summary>An oops or another exception in the kernel.</summary>
    Oops,

    /// <summary>A stalled CPU or task.</summary>
    Stall,

    /// <summary>A stack trace that belongs to none of the above.</summary>
    Trace,

    /// <summary>The livepatch core or the module loader refused something.</summary>
    Refusal,

    /// <summary>The end.</summary>
    Panic,
}

namespace LivePatch.Diff.Select;

/// <summary>
/// Sections of vmlinux whose bounds the kernel compares addresses with (include/asm-generic/vmlinux.lds.h, Linux 5.10 to 6.12): a
/// livepatch's copy lies outside of them. Modules have .kprobes.text of their own, which is kept.
/// </summary>
internal static class SectionMeaning
{
    /// <summary>What differs for code that leaves a section, as a phrase; null for sections without such a meaning.</summary>
    public static string? Of(string section) => section switch
    {
        ".sched.text" => "while a task sleeps in it, /proc/PID/wchan and the like name this function and not its caller",
        ".spinlock.text" => "profiles name this function and not its caller",
        ".cpuidle.text" => "a backtrace of an idle processor in it is not left out",
        ".irqentry.text" or ".softirqentry.text" => "stack traces are not cut at it, and tracers do not know it as an entry of interrupts",
        _ => null,
    };
}

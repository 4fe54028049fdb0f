namespace LivePatch.Boot;

/// <summary>A function the loaded livepatch must list in sysfs.</summary>
/// <param name="ObjectName">The klp object: <c>vmlinux</c> or a module's name with underscores.</param>
/// <param name="FunctionName">The replaced function.</param>
/// <param name="Sympos">old_sympos as in <c>struct klp_func</c>; 0 means that the name is unique.</param>
public sealed record ExpectedFunction(string ObjectName, string FunctionName, int Sympos = 0)
{
    /// <summary>
    /// Its directory under <c>/sys/kernel/livepatch/NAME</c>: <c>OBJECT/FUNCTION,SYMPOS</c>, where 0 shows as 1
    /// (klp_init_func in kernel/livepatch/core.c, 6.1).
    /// </summary>
    public string SysfsName => $"{ObjectName}/{FunctionName},{Math.Max(Sympos, 1)}";
}

using LivePatch.Elf;

namespace LivePatch.Kernel.Special;

/// <summary>By what an object makes itself known to the rest of the kernel without being called
/// (include/linux/init.h, module.h, export.h, moduleparam.h; Linux 5.10 to 6.12).</summary>
public static class Registration
{
    private static readonly (string Section, string Text)[] Sections =
    [
        (".initcall", "an initcall, which has run"),
        (".con_initcall", "an initcall, which has run"),
        ("__ksymtab", "exported symbols, which modules may use"),
        ("__param", "parameters, which are files in sysfs"),
        ("__tracepoints", "tracepoints"),
        ("_ftrace_events", "trace events"),
    ];

    /// <summary>What the object registers, as a phrase; null for nothing.</summary>
    public static string? Find(ElfObject elf)
    {
        foreach (var (section, text) in Sections)
        {
            if (elf.Sections.Any(item => item.Name.StartsWith(section, StringComparison.Ordinal) && item.Size > 0))
            {
                return text;
            }
        }

        return OfModule(elf) is { } name ? $"{name}, which has run" : null;
    }

    /// <summary>A module's entry point in the object: what module_init and module_exit make; null for none.</summary>
    public static string? OfModule(ElfObject elf) =>
        elf.Symbols.FirstOrDefault(
            static symbol =>
                symbol.Section is not null && symbol.Name is "init_module" or "cleanup_module" && symbol.Section is not null)?.Name;
}

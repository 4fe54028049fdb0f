using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Names of sections that kernel sources give (include/asm-generic/vmlinux.lds.h, include/linux/init.h,
/// include/linux/export.h, include/linux/tracepoint.h; Linux 5.10 to 7.2) and what they mean here. What is not
/// named is judged by its flags.
/// </summary>
internal static class SectionClassifier
{
    private static readonly (string Prefix, SectionClass Class)[] ByPrefix =
    [
        (".discard", SectionClass.Ignored),
        (".debug", SectionClass.Ignored),
        (".eh_frame", SectionClass.Ignored),
        (".note", SectionClass.Ignored),
        (".llvm", SectionClass.Ignored),
        (".gnu", SectionClass.Ignored),
        (".comment", SectionClass.Ignored),
        (".modinfo", SectionClass.ModuleInfo),
        (".initcall", SectionClass.Initcall),
        (".con_initcall", SectionClass.Initcall),
        (".init.setup", SectionClass.Parameter),
        (".init", SectionClass.Init),
        (".exit", SectionClass.Init),
        (".meminit", SectionClass.Init),
        (".memexit", SectionClass.Init),
        (".head.text", SectionClass.Init),
        (".noinstr.text", SectionClass.RestrictedCode),
        (".entry.text", SectionClass.RestrictedCode),
        ("__ksymtab", SectionClass.Export),
        ("___ksymtab", SectionClass.Export),
        ("__kcrctab", SectionClass.Export),
        ("___kcrctab", SectionClass.Export),
        ("__kflagstab", SectionClass.Export),
        ("___kflagstab", SectionClass.Export),
        (".export_symbol", SectionClass.Export),
        // Read while the kernel is linked, and discarded then: symbols that modpost must not trim, names of the tracepoints in use.
        (".no_trim_symbol", SectionClass.Ignored),
        ("__tracepoint_check", SectionClass.Ignored),
        // tracepoint_string(): a list by which programs that read traces find strings; a livepatch's are missing there.
        ("__tracepoint_str", SectionClass.Once),
        ("__tracepoint", SectionClass.Tracepoint),
        ("_ftrace_e", SectionClass.Tracepoint),
        ("__bpf_raw_tp", SectionClass.Tracepoint),
        ("__syscalls_metadata", SectionClass.Tracepoint),
        ("__param", SectionClass.Parameter),
        ("__modver", SectionClass.Parameter),
        (".data..percpu", SectionClass.PerCpu),
        (".data.once", SectionClass.Once),
        (".data..once", SectionClass.Once),
        ("__dyndbg", SectionClass.DynamicDebug),
        ("__verbose", SectionClass.DynamicDebug),
        (AuthorMarkers.KpatchPrefix, SectionClass.Marker),
        (AuthorMarkers.Prefix, SectionClass.Marker),
        (".printk_index", SectionClass.PrintkIndex),
    ];

    public static SectionClass Classify(ElfSection section, SpecialSectionCatalog catalog)
    {
        if (!section.IsAllocated || section.IsRela || section.Type == ElfConstants.ShtGroup)
        {
            // .modinfo is the one section that counts without necessarily being loaded.
            return section.Name.StartsWith(".modinfo", StringComparison.Ordinal) ? SectionClass.ModuleInfo : SectionClass.Ignored;
        }

        if (catalog.IsIgnored(section.Name))
        {
            return SectionClass.Ignored;
        }

        if (catalog.IsBootOnly(section.Name))
        {
            return SectionClass.Init;
        }

        if (catalog.Find(section.Name) is not null)
        {
            return SectionClass.SpecialTable;
        }

        if (catalog.IsOutOfLineCode(section.Name))
        {
            return SectionClass.OutOfLineCode;
        }

        foreach (var (prefix, kind) in ByPrefix)
        {
            if (section.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return ByFlags(section);
    }

    private static SectionClass ByFlags(ElfSection section)
    {
        if (section.IsCode)
        {
            return SectionClass.Code;
        }

        if (section.IsStrings)
        {
            return SectionClass.Strings;
        }

        if ((section.Flags & ElfConstants.ShfMerge) != 0 && section.EntrySize != 0 && section.Size % section.EntrySize == 0)
        {
            return SectionClass.Constants;
        }

        return (section.Flags & ElfConstants.ShfWrite) != 0 ? SectionClass.Data : SectionClass.ReadOnlyData;
    }
}

using LivePatch.Elf;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Variables that macros make afresh at every use and whose running value does not matter: lockdep keys, once flags,
/// rate limits, function names, debug descriptors, switch value tables. They are never paired; the patched code gets
/// its own copy. include/linux/{lockdep,once_lite,ratelimit,printk,dynamic_debug}.h; Linux 5.10 to 6.12.
/// </summary>
internal static class SpecialStatics
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "__key", "__warned", "__already_done", "___already_done", "___once_key", "__func__", "__FUNCTION__", "__PRETTY_FUNCTION__",
        "_rs", "CSWTCH", "_entry", "_entry_ptr", "descriptor", "__msg",
    };

    public static bool IsSpecial(ElfSymbol symbol, SectionClass sectionClass)
    {
        if (symbol.Type != ElfSymbolType.Object || symbol.Binding != ElfSymbolBinding.Local)
        {
            return false;
        }

        return sectionClass is SectionClass.Once or SectionClass.DynamicDebug or SectionClass.PrintkIndex
            || BaseName(symbol.Name) is not null;
    }

    /// <summary>Which of the special variables a name stands for; null for others.</summary>
    public static string? BaseName(string name)
    {
        // gcc writes __key.5, clang function.__key and, when there are several, function.__key.5.
        foreach (var part in name.Split('.'))
        {
            if (Names.Contains(part) && (part.Length < name.Length))
            {
                return part;
            }
        }

        return null;
    }
}

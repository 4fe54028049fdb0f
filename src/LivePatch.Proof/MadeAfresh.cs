using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Proof;

/// <summary>
/// Variables that macros make at every use and of which a fresh one does no harm
/// (include/linux/{once_lite,ratelimit,lockdep,dynamic_debug,printk}.h).
///
/// A flag or rate limit guards what is done once or rarely, and that may be anything: a fresh one is harmless only where it guards a
/// message. It does where the code behind a store to it, up to the first call that comes back, raises a warning or prints. Rate limits
/// are asked by a call of their own, behind which a message must come.
/// </summary>
internal static class MadeAfresh
{
    /// <summary>Why it may be the module's own; null when it may not.</summary>
    public static string? Reason(Part part, in DataItem item, IArchitecture architecture)
    {
        var name = item.Symbol!.Name;
        if (item.Section.Name is "__dyndbg" or "__verbose")
        {
            return "message only: descriptor of a debug message";
        }

        if (item.Section.Name is "__tracepoint_str" or "__trace_printk_fmt")
        {
            return "message only: text of a trace";
        }

        if (item.Section.Name.StartsWith(".printk_index", StringComparison.Ordinal) || IsOneOf(name, "_entry", "_entry_ptr"))
        {
            return "message only: index of messages";
        }

        if (IsOneOf(name, "__key"))
        {
            return "lock class";
        }

        if (IsOneOf(name, "___once_key"))
        {
            return "once key: what it lets through is decided by the flag";
        }

        if (IsOneOf(name, "__warned", "__already_done", "___already_done", "__print_once") && item.End - item.Start == 1)
        {
            return IsGuardOfMessage(part, item, architecture) ? "once flag of a message" : null;
        }

        return IsOneOf(name, "_rs") && IsGuardOfMessage(part, item, architecture) ? "rate limit of a message" : null;
    }

    /// <summary>True for what compilers hand to the reporting functions of -fsanitize=undefined (lib/ubsan.c): types and places, of which
    /// the kernel only marks a place when it was reported. They have no names, and a section each.</summary>
    public static bool IsSanitizerReport(ElfSection section) =>
        section.Name.Contains("Lubsan_data", StringComparison.Ordinal) || section.Name.Contains("Lubsan_type", StringComparison.Ordinal);

    private static bool IsOneOf(string name, params ReadOnlySpan<string> known)
    {
        foreach (var part in name.Split('.'))
        {
            if (part.Length < name.Length && known.Contains(part))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsGuardOfMessage(Part part, in DataItem item, IArchitecture architecture)
    {
        var (section, first, end) = (item.Section, item.Start, item.End);
        foreach (var code in part.Patched.Elf.Sections.Where(static code => code.IsCode))
        {
            var relocations = part.Patched.RelocationsOf(code);
            foreach (var relocation in relocations.All)
            {
                if (relocation.Symbol.Section != section)
                {
                    continue;
                }

                // The addend of a distance is off by up to the rest of the instruction.
                for (var beyond = 4; beyond <= 8; beyond++)
                {
                    if (part.Patched.Resolve(relocation, beyond) is { Offset: var place } && place >= (long)first && place < (long)end
                        && LeadsToMessage(part, code, relocation.Offset, architecture))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static bool LeadsToMessage(Part part, ElfSection code, ulong place, IArchitecture architecture)
    {
        var (start, end, _) = part.Patched.CodeAt(code, place);
        var relocations = part.Patched.RelocationsOf(code);
        var instructions = architecture.Instructions.DecodeArguments(LoadedFile.Bytes(code, (long)start, (long)(end - start)));
        var calls = 0;
        foreach (var instruction in (instructions ?? []).SkipWhile(instruction =>
            start + instruction.Offset + (ulong)instruction.Length <= place))
        {
            if (instruction.IsTrap)
            {
                return true;
            }

            if (!instruction.IsCall)
            {
                continue;
            }

            var at = start + instruction.Offset;
            var called = relocations.InRange(at, at + (ulong)instruction.Length);
            if (called.Length > 0 && called[0].Symbol.Name is { Length: > 0 } name && IsMessage(name))
            {
                return true;
            }

            if (++calls == 4)
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsMessage(string name) =>
        name.Contains("print", StringComparison.Ordinal) || name.Contains("warn", StringComparison.Ordinal)
        || name.Contains("_dev_", StringComparison.Ordinal) || name.Contains("netdev_", StringComparison.Ordinal)
        || name.Contains("dump", StringComparison.Ordinal) || name.Contains("suspicious", StringComparison.Ordinal)
        || name.Contains("_msg", StringComparison.Ordinal) || name.Contains("err", StringComparison.Ordinal)
        || name.Contains("log", StringComparison.Ordinal);
}

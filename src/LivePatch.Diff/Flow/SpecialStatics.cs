using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Flow;

/// <summary>
/// Finds the variables that macros make afresh at every use and whose running value does not matter: function names, texts, switch value
/// tables, debug descriptors, lockdep keys, and the once flags and rate limits of messages. They are never paired; the patched code gets
/// its own. include/linux/{lockdep,once,once_lite,ratelimit,printk,dynamic_debug,netlink}.h; Linux 5.10 to 6.12.
///
/// A name alone proves nothing: "descriptor" or "_rs" may be anybody's variable. So each name counts only together with the section the
/// macro puts it in or the type the macro gives it. And a flag that guards more than a message must not start afresh: DO_ONCE would draw
/// its secret again while connections live by the old one. A flag or a rate limit is therefore a message's only when code says so: the
/// first call behind the store to it (behind the question to the rate limit, either way) is one that prints. All others are
/// variables like any other, whose running value is taken over, and where it is unclear which is which the patch is refused.
/// </summary>
internal static class SpecialStatics
{
    /// <summary>A text for the answer to a netlink request (NL_SET_ERR_MSG).</summary>
    public const string NetlinkText = "__msg";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "__key", "__warned", "__already_done", "___already_done", "__func__", "__FUNCTION__", "__PRETTY_FUNCTION__",
        "_rs", "CSWTCH", "_entry", "_entry_ptr", "descriptor", NetlinkText, "___once_key",
    };

    /// <summary>Marks all such variables of an object.</summary>
    /// <param name="side">The object.</param>
    /// <param name="isModule">True when it is part of a module, false for vmlinux.</param>
    public static void Mark(KernelObject side, bool isModule)
    {
        var messages = new MessageGuard(side);
        foreach (var atom in side.Atoms)
        {
            if (atom is { Kind: AtomKind.Object, Symbol: { Type: ElfSymbolType.Object, Binding: ElfSymbolBinding.Local } })
            {
                atom.IsMadeAfresh = IsSpecial(side, atom, messages, isModule);
            }
        }
    }

    /// <summary>Which of the special names a name stands for; null for others.</summary>
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

    private static bool IsSpecial(KernelObject side, Atom atom, MessageGuard messages, bool isModule)
    {
        switch (atom.Class)
        {
            case SectionClass.DynamicDebug or SectionClass.PrintkIndex:
                return true;
            case SectionClass.Once:
                return atom.Section.Name.StartsWith("__tracepoint_str", StringComparison.Ordinal)
                    || (IsFlag(side, atom) && messages.IsFlagOfMessage(atom));
        }

        return BaseName(atom.Symbol!.Name) switch
        {
            "__func__" or "__FUNCTION__" or "__PRETTY_FUNCTION__" or "CSWTCH" or NetlinkText => atom.Class == SectionClass.ReadOnlyData,
            "_entry" =>
                TypeOf(side, atom) is { } type
                    ? type == "struct pi_entry"
                    : side.ReferrersOf(atom).Any(static use => use.From.Class == SectionClass.PrintkIndex),
            "__key" => TypeOf(side, atom) is { } type
                ? type.StartsWith("struct lock_class_key", StringComparison.Ordinal)
                : atom.Size == 0
                    || (
                        atom.Bytes.IsEmpty
                            && side.ReferrersOf(atom)
                                .All(use => use.From.Kind == AtomKind.Function && !side.ReadsInPlace(use.From, use.Reference))),
            "__warned" or "__already_done" or "___already_done" => IsFlag(side, atom) && messages.IsFlagOfMessage(atom),
            "_rs" => (TypeOf(side, atom) ?? "struct ratelimit_state") == "struct ratelimit_state" && messages.IsRateLimitOfMessage(atom),

            // A key in a module cannot be used from a livepatch. One of the patch's own lets the question through, and ___done answers it.
            "___once_key" =>
                isModule && TypeOf(side, atom) is null or "struct static_key" or "struct static_key_true" or "struct static_key_false",
            _ => false,
        };
    }

    private static bool IsFlag(KernelObject side, Atom atom) =>
        TypeOf(side, atom) is { } type ? type == "bool8" : atom.Symbol!.Size == 1;

    private static string? TypeOf(KernelObject side, Atom atom) => side.VariableOf(atom)?.Type;
}

using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// What the choice of a section says about a function or variable beyond being code or data.
///
/// The problem: __ro_after_init, __bss_decrypted, __kprobes, __sched and the level of an initcall are nothing but the name of a section.
/// A patch that adds or drops one leaves every byte as it was. A list of the names that mean something would miss the next
/// one, so it is the other way round: names that compilers give (.text.f, .data.v, .bss.v, .rodata.v and their kin) say nothing, and every
/// name the source gives says something. What is known to be only about the cache or about checks of the build is harmless.
///
/// A name the compiler gives ends in the symbol's; ".data.counters" without a symbol of that name is the source's, and so are all with two
/// dots (.data..ro_after_init).
/// </summary>
internal static class PlacementRule
{
    /// <summary>What compilers put between the kind and the symbol's name: -freorder-functions, -mcmodel, PIC.</summary>
    private static readonly string[] CompilersParts = ["unlikely", "hot", "startup", "exit", "split", "rel", "ro", "local", "unknown"];

    /// <summary>Sections that differ from plain ones in where they lie, or in what modpost says of references to them.</summary>
    private static readonly string[] Harmless = [
        ".data..read_mostly", ".data..cacheline_aligned", ".data..cacheline_aligned_in_smp", ".ref.text", ".ref.data", ".ref.rodata"];

    /// <summary>How the placement of a pair differs; null when it does not, or when the two are in sections of another class, which
    /// the comparison of contents says.</summary>
    public static Placement? Compare(Atom original, Atom patched)
    {
        if (original.Class != patched.Class || original.Symbol is null || patched.Symbol is null)
        {
            return null;
        }

        string before, after;
        switch (patched.Class)
        {
            case SectionClass.Initcall:
                (before, after) = (Level(original.Section.Name), Level(patched.Section.Name));
                break;
            case SectionClass.Code or SectionClass.Data or SectionClass.ReadOnlyData or SectionClass.PerCpu:
                (before, after) = (GivenName(original), GivenName(patched));
                break;
            default:
                return null;
        }

        return before == after
            ? null
            : new Placement($"it moved from {original.Section.Name} to {patched.Section.Name}", IsHarmless(before) && IsHarmless(after));
    }

    private static bool IsHarmless(string name) => name.Length == 0 || Array.IndexOf(Harmless, name) >= 0;

    /// <summary>".initcall6.init" of ".initcall6.init" and of clang's ".initcall6.init..12.name".</summary>
    private static string Level(string section)
    {
        var end = section.IndexOf(".init", 1, StringComparison.Ordinal);
        return end < 0 ? section : section[..end];
    }

    /// <summary>The name the source gave the section; empty for what the compiler chose.</summary>
    private static string GivenName(Atom atom)
    {
        var name = atom.Section.Name;
        foreach (var kind in (ReadOnlySpan<string>)[".text", ".data", ".bss", ".rodata", ".ldata", ".lrodata", ".lbss"])
        {
            if (name == kind || name.StartsWith(kind + ".str", StringComparison.Ordinal)
                || name.StartsWith(kind + ".cst", StringComparison.Ordinal))
            {
                return string.Empty;
            }

            if (name.StartsWith(kind + ".", StringComparison.Ordinal))
            {
                return IsCompilers(name[(kind.Length + 1)..], atom, kind == ".text") ? string.Empty : name;
            }
        }

        return name;
    }

    private static bool IsCompilers(string rest, Atom atom, bool isCode)
    {
        while (true)
        {
            if (rest.Length == 0 || rest.StartsWith(".L", StringComparison.Ordinal) || rest.StartsWith("__unnamed_", StringComparison.Ordinal)
                || Array.IndexOf(CompilersParts, rest) >= 0
                || atom.Symbols.Any(symbol => symbol.Name == rest || SymbolName.Family(symbol.Name) == SymbolName.Family(rest)))
            {
                return true;
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || Array.IndexOf(CompilersParts, rest[..dot]) < 0)
            {
                return false;
            }

            if (isCode)
            {
                // A cold part is in a section of its function's name.
                return true;
            }

            rest = rest[(dot + 1)..];
        }
    }
}

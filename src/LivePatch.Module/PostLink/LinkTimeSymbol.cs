using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;

namespace LivePatch.Module.PostLink;

/// <summary>
/// Symbols that compiler, linker and objtool need and a loaded livepatch must not have.
///
/// Hosted functions lie behind another one without a symbol, so that the kernel's look at the stacks includes them; objtool demands a
/// symbol for every function. It goes, and what refers to it refers to its section.
///
/// Copies of functions have the names of the originals. While a livepatch is loaded the kernel would have two symbols of that name, and
/// what is set up by name (kprobes, trace events) is refused as "not unique" (number_of_same_symbols, kernel/trace/trace_kprobe.c,
/// Linux 6.1). So a function of the livepatch keeps one name that no kernel has: its own with a suffix. The names by which the
/// module's source refers to replaced functions go with it. Whether a name is taken is not asked: modules loaded later count too.
///
/// It can only be done here. objtool pairs "f.cold" with "f", and a symbol's name is all the linker has to bind by.
/// </summary>
public static class LinkTimeSymbol
{
    /// <summary>What is put behind the names of the livepatch's own functions.</summary>
    public const string Suffix = ".klp";

    /// <summary>Start of the names of the module source's references to replaced functions.</summary>
    public const string AliasPrefix = "klp_new_";

    private const string HostedPrefix = "klp_hosted.";

    /// <summary>Unlikely code the compiler moves out of a function: it lies elsewhere, and objtool finds its function by the name in front
    /// of this.</summary>
    private const string ColdPart = ".cold";

    /// <summary>Name of a hosted function until the module is linked.</summary>
    public static string ForHosted(string function) => HostedPrefix + function;

    /// <summary>The global name by which the module's source refers to a replaced function: one that C knows, occurring once.</summary>
    /// <param name="prefix">The prefix of the function's object, which begins as all these names do.</param>
    /// <param name="number">The function's number in its object.</param>
    /// <param name="function">Its name.</param>
    public static string ForAlias(string prefix, int number, string function) => $"{prefix}{number}_{CIdentifier(function)}";

    /// <summary>True when a symbol at the link, or in the livepatch, is one of a function or of its unlikely part. objtool takes one of
    /// several symbols at a place for its messages: the local one (6.12) or the global one (7.2).</summary>
    public static bool IsOf(string symbol, string function)
    {
        var name = Whole(symbol.EndsWith(Suffix, StringComparison.Ordinal) ? symbol[..^Suffix.Length] : symbol);
        if (!name.StartsWith(AliasPrefix, StringComparison.Ordinal))
        {
            return (name.StartsWith(HostedPrefix, StringComparison.Ordinal) ? name[HostedPrefix.Length..] : name) == Whole(function);
        }

        // Behind the prefix are the numbers of the object and of the function.
        var parts = name[AliasPrefix.Length..].Split('_', 3);
        return parts.Length == 3 && parts[2] == CIdentifier(Whole(function));
    }

    /// <summary>Removes and renames them.</summary>
    public static void Finish(ElfObjectBuilder builder)
    {
        var replacement = new Dictionary<ElfSymbolDraft, (ElfSymbolDraft Symbol, long Distance)>();
        var sectionSymbols = new Dictionary<ElfSectionDraft, ElfSymbolDraft>();
        foreach (var symbol in builder.Symbols.Where(static symbol => symbol is { Type: ElfSymbolType.Section, Section: not null }))
        {
            sectionSymbols.TryAdd(symbol.Section!, symbol);
        }

        var functions = builder.Symbols.Where(static symbol => symbol.Section is { } section && symbol.Type == ElfSymbolType.Function
            && (section.Flags & ElfConstants.ShfExecinstr) != 0 && !IsInitialisation(section)).ToList();
        var own =
            functions.Where(static symbol => symbol.Binding == ElfSymbolBinding.Local && !IsHosted(symbol))
                .ToLookup(static symbol => (symbol.Section, symbol.Value));
        foreach (var symbol in functions)
        {
            if (IsHosted(symbol) && symbol.Name.Contains(ColdPart, StringComparison.Ordinal))
            {
                symbol.Name = symbol.Name[HostedPrefix.Length..] + Suffix;
            }
            else if (IsHosted(symbol))
            {
                replacement.Add(symbol, (SectionSymbol(symbol.Section!), (long)symbol.Value));
            }
            else if (symbol.Binding != ElfSymbolBinding.Local && symbol.Name.StartsWith(AliasPrefix, StringComparison.Ordinal)
                && own[(symbol.Section, symbol.Value)].FirstOrDefault() is { } local)
            {
                replacement.Add(symbol, (local, 0));
            }
            else if (symbol.Binding == ElfSymbolBinding.Local && !symbol.Name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                symbol.Name += Suffix;
            }
        }

        if (replacement.Count == 0)
        {
            return;
        }

        foreach (var section in builder.Sections.Where(static section => section.Type == ElfConstants.ShtRela))
        {
            for (var index = 0; index < section.Relocations.Count; index++)
            {
                var relocation = section.Relocations[index];
                if (relocation.Symbol is { } symbol && replacement.TryGetValue(symbol, out var target))
                {
                    section.Relocations[index] = relocation with { Symbol = target.Symbol, Addend = relocation.Addend + target.Distance };
                }
            }
        }

        builder.RemoveSymbols(replacement.ContainsKey);

        ElfSymbolDraft SectionSymbol(ElfSectionDraft section)
        {
            if (!sectionSymbols.TryGetValue(section, out var symbol))
            {
                symbol = builder.AddSymbol(string.Empty);
                symbol.Type = ElfSymbolType.Section;
                symbol.Section = section;
                sectionSymbols.Add(section, symbol);
            }

            return symbol;
        }
    }

    private static string Whole(string function) =>
        function.IndexOf(ColdPart, StringComparison.Ordinal) is > 0 and var end ? function[..end] : function;

    private static string CIdentifier(string name) => string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static bool IsHosted(ElfSymbolDraft symbol) => symbol.Name.StartsWith(HostedPrefix, StringComparison.Ordinal);

    // The module's own init and exit functions, which the module loader knows by name and drops.
    private static bool IsInitialisation(ElfSectionDraft section) =>
        section.Name.StartsWith(".init", StringComparison.Ordinal) || section.Name.StartsWith(".exit", StringComparison.Ordinal);
}

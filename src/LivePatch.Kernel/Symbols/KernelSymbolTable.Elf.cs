using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.Kernel.Symbols;

/// <content>Tables from the symbol table of an ELF file.</content>
public sealed partial class KernelSymbolTable
{
    /// <summary>The table of a linked kernel (vmlinux with .symtab): what its kallsyms holds, in that order.</summary>
    public static KernelSymbolTable FromVmlinux(ElfObject vmlinux)
    {
        var kept = new List<KernelSymbol>(vmlinux.Symbols.Count);
        foreach (var (symbol, file) in DefinedSymbols(vmlinux))
        {
            var type = TypeCharacterOf(symbol);
            if ((symbol.Section is null || symbol.Section.IsAllocated) && KallsymsRules.Keeps(symbol.Name, type))
            {
                kept.Add(new KernelSymbol(symbol.Name, symbol.Value, type, symbol.Size, IsGlobal(symbol)) { FileName = file });
            }
        }

        return FromOrdered(vmlinux.Name, KallsymsRules.Sort(kept), isLinked: true);
    }

    /// <summary>
    /// The table of a relocatable object: for a module's <c>.ko</c> as shipped this is what the kernel searches;
    /// for a compiled <c>.o</c> it is a list of its symbols.
    /// </summary>
    public static KernelSymbolTable FromModule(ElfObject module)
    {
        var kept = new List<KernelSymbol>(module.Symbols.Count);
        foreach (var (symbol, file) in DefinedSymbols(module))
        {
            kept.Add(new KernelSymbol(symbol.Name, symbol.Value, TypeCharacterOf(symbol), symbol.Size, IsGlobal(symbol))
            {
                FileName = file,
                Section = symbol.Section?.Name,
                Lifetime = LifetimeOf(symbol.Section),
            });
        }

        return FromOrdered(module.Name, [.. kept], isLinked: false);
    }

    /// <summary>The table of an ELF file by its type: relocatable files are modules, linked ones kernels.</summary>
    public static KernelSymbolTable FromElf(ElfObject elf) =>
        elf.Header.Type == ElfConstants.EtRel ? FromModule(elf) : FromVmlinux(elf);

    /// <summary>Named, defined symbols in table order, each with the source file it is local to.</summary>
    private static IEnumerable<(ElfSymbol Symbol, string? File)> DefinedSymbols(ElfObject elf)
    {
        string? file = null;
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Type == ElfSymbolType.File)
            {
                // The linker ends the last file's group with an unnamed FILE symbol.
                file = symbol.Name.Length == 0 ? null : symbol.Name;
            }
            else if (symbol.Type != ElfSymbolType.Section && !symbol.IsUndefined && symbol.Name.Length > 0)
            {
                yield return (symbol, IsGlobal(symbol) ? null : file);
            }
        }
    }

    private static bool IsGlobal(ElfSymbol symbol) => symbol.Binding != ElfSymbolBinding.Local;

    /// <summary>
    /// kernel/module/kallsyms.c and main.c (Linux 6.1): kept are symbols of allocated sections that do not start
    /// with <c>.init</c>. Sections of exit code stay while CONFIG_MODULE_UNLOAD is set, which
    /// <see cref="Configuration.LivepatchRequirements"/> demands. <c>.modinfo</c> and <c>__versions</c> lose
    /// SHF_ALLOC while loading; absolute symbols are not kept.
    /// </summary>
    private static SymbolLifetime LifetimeOf(ElfSection? section) =>
        section is null || !section.IsAllocated || section.Name is ".modinfo" or "__versions"
        || section.Name.StartsWith(".init", StringComparison.Ordinal)
            ? SymbolLifetime.WhileLoading
            : SymbolLifetime.Resident;

    /// <summary>The letter nm prints for a defined symbol.</summary>
    private static char TypeCharacterOf(ElfSymbol symbol)
    {
        if (symbol.IsCommon)
        {
            return 'C';
        }

        if (symbol.Binding == ElfSymbolBinding.Weak)
        {
            return symbol.Type == ElfSymbolType.Object ? 'V' : 'W';
        }

        var letter = symbol.Section switch
        {
            null => 'a',
            { IsCode: true } => 't',
            { IsAllocated: false } => 'n',
            { Type: ElfConstants.ShtNobits } => 'b',
            { Flags: var flags } => (flags & ElfConstants.ShfWrite) != 0 ? 'd' : 'r',
        };
        return IsGlobal(symbol) ? char.ToUpperInvariant(letter) : letter;
    }
}

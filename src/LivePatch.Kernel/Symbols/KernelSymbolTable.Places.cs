namespace LivePatch.Kernel.Symbols;

/// <summary>
/// What the place of a symbol says about the memory behind it, once the kernel is up.
///
/// A section's name says it in a module's file. A linked kernel has no sections to look up, but the linker script writes symbols around
/// what boot code must find: the kernel frees all between __init_begin and __init_end, and write-protects all between __start_rodata and
/// __end_rodata and between __start_ro_after_init and __end_ro_after_init (include/asm-generic/sections.h, Linux 6.1). Where a
/// kernel has no such symbols nothing is said. Per-CPU variables lie in what is freed, where their addresses are not numbers from 0 on
/// (Linux 7.2): that is the first copy, and what code means by such an address is the copies that were made of it.
/// </summary>
public sealed partial class KernelSymbolTable
{
    /// <summary>Names of places and of nothing that lies there: their addresses are numbers to compare with.</summary>
    private static readonly string[] Bounds = ["__init_begin", "__init_end", "_sinittext", "_einittext"];

    private static readonly string[] ReadOnlySections = [".rodata", ".data..ro_after_init", ".data.rel.ro"];

    /// <summary>True for code and data of a linked kernel that are freed when it has booted.</summary>
    public bool IsFreedAfterBoot(in KernelSymbol symbol) =>
        IsLinked && IsWithin(symbol.Address, "__init_begin", "__init_end") && Array.IndexOf(Bounds, symbol.Name) < 0
        && !IsWithin(symbol.Address, "__per_cpu_start", "__per_cpu_end");

    /// <summary>True for what cannot be written once the kernel, or the module, is initialised.</summary>
    public bool IsReadOnly(in KernelSymbol symbol)
    {
        if (IsLinked)
        {
            return IsWithin(symbol.Address, "__start_rodata", "__end_rodata")
                || IsWithin(symbol.Address, "__start_ro_after_init", "__end_ro_after_init");
        }

        return symbol.Section is { } section && Array.Exists(ReadOnlySections, name => section.StartsWith(name, StringComparison.Ordinal));
    }

    private bool IsWithin(ulong address, string begin, string end) =>
        Only(begin) is { } first && Only(end) is { } last && first <= address && address < last;

    private ulong? Only(string name)
    {
        var index = _names.Value.First(name);
        return index >= 0 && _names.Value.Next(index) < 0 ? _symbols[index].Address : null;
    }
}

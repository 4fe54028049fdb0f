using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Symbols;

/// <content>Tables from listings.</content>
public sealed partial class KernelSymbolTable
{
    /// <summary>Reads an <c>nm</c>, <c>System.map</c>, <c>/proc/kallsyms</c> or <c>readelf -sW</c> listing.</summary>
    /// <param name="source">What diagnostics call it.</param>
    /// <param name="text">The listing.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0211).</param>
    /// <returns>The table, or null when a fatal diagnostic was added.</returns>
    public static KernelSymbolTable? TryParseText(string source, TextReader text, DiagnosticBag diagnostics) =>
        new SymbolTextReader(source, diagnostics).Read(text);

    internal static KernelSymbolTable FromLinkedText(string source, List<KernelSymbol> symbols)
    {
        // /proc/kallsyms shows per-CPU symbols as absolute, and they are in the kernel's table; nm and System.map
        // show them as data, and what these call absolute is not in it.
        var isKallsyms = symbols.Exists(static symbol => symbol is { Name: "__per_cpu_start", TypeCharacter: 'A' });
        var kept = new List<KernelSymbol>(symbols.Count);
        foreach (var symbol in symbols)
        {
            var type = isKallsyms && symbol.TypeCharacter == 'A' ? 'D' : symbol.TypeCharacter;
            if (KallsymsRules.Keeps(symbol.Name, type))
            {
                kept.Add(symbol with { Section = null, Lifetime = SymbolLifetime.Resident });
            }
        }

        return FromOrdered(source, KallsymsRules.Sort(kept), isLinked: true);
    }

    internal static KernelSymbolTable FromModuleText(string source, List<KernelSymbol> symbols, bool isOrderKnown) =>
        new(source, [.. symbols], isLinked: false, isOrderKnown);
}

using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Module.Verify;

/// <summary>
/// What the kernel wants to know of a module's code is there: where each function's unwind entries are, each return and each indirect call
/// or jump that it rewrites for the machine's sake, each call it may count, and each place of the tracer.
///
/// These tables are objtool's work, which ends with success when it gave up. A module without them loads; the kernel then does not get
/// through its frames on a stack, so no transition ends, and the code runs without the mitigations. Whether a kernel wants a table is read
/// from its symbols: it has one itself then.
///
/// Limits: calls that may be counted need not be listed, so only the table as a whole is demanded; code without a symbol is covered by the
/// entries in front of it.
/// </summary>
internal static class CodeTableRule
{
    public static void Check(ElfObject module, ITargetFacts target, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        var code =
            module.Sections.Where(section => section is { IsAllocated: true, IsCode: true, Size: > 0 } && !target.Catalog.IsOutOfLineCode(section.Name)
            && !section.Name.StartsWith(".init", StringComparison.Ordinal)
                && !section.Name.StartsWith(".exit", StringComparison.Ordinal)).ToList();
        foreach (var table in target.Catalog.Sections.Where(
            table => table.KernelSymbol is { } start && target.Occurrences(ModuleName.Vmlinux, start) > 0))
        {
            var entries = Entries(module, table.Name);
            var missing = table.Rule == SpecialSectionRule.UnwindAddresses ? WithoutUnwinding(module, code, entries)
                : table.Callees.Length > 0 ? WithoutEntry(code, table, entries, architecture.Tables.FarthestField)
                : entries.Count == 0 ? code.SelectMany(section => Calls(section, architecture)).Take(1).ToList()
                : [];
            if (missing is [var (section, offset), ..])
            {
                diagnostics.Add(ModuleDiagnostics.TableLacksCode.At(
                    DiagnosticLocation.InSection(module.Name, section.Name, offset),
                    $"{missing.Count} places of the code need an entry in {table.Name} and have none; this is the first."));
            }
        }
    }

    private static HashSet<(ElfSection Section, ulong Offset)> Entries(ElfObject module, string table) =>
        [.. module.Sections.Where(section => section.Name == table).SelectMany(static section => section.Relocations)
            .Where(static relocation => relocation.Symbol.Section is not null)
            .Select(static relocation => (relocation.Symbol.Section!, (ulong)((long)relocation.Symbol.Value + relocation.Addend)))];

    private static List<(ElfSection Section, ulong Offset)> WithoutUnwinding(
        ElfObject module, List<ElfSection> code, HashSet<(ElfSection Section, ulong Offset)> entries)
    {
        var first =
            entries.GroupBy(static entry => entry.Section)
                .ToDictionary(static group => group.Key, static group => group.Min(static entry => entry.Offset));
        return
        [
            .. module.Symbols.Where(
                symbol => symbol is { Type: ElfSymbolType.Function, Section: not null } && code.Contains(symbol.Section))
                .Where(symbol => !first.TryGetValue(symbol.Section!, out var start) || start > symbol.Value)
                .Select(static symbol => (symbol.Section!, symbol.Value)),
        ];
    }

    private static List<(ElfSection Section, ulong Offset)> WithoutEntry(
        List<ElfSection> code, SpecialSection table, HashSet<(ElfSection Section, ulong Offset)> entries, int farthestField) =>
        [.. code.SelectMany(static section => section.Relocations.Select(relocation => (Section: section, Relocation: relocation)))
            .Where(place => table.Callees.Any(callee => NameOf(place.Relocation.Symbol).StartsWith(callee, StringComparison.Ordinal)))
            .Select(static place => (place.Section, place.Relocation.Offset))
            .Where(
                place =>
                    !Enumerable.Range(1, farthestField)
                        .Any(distance => entries.Contains((place.Section, place.Offset - (ulong)distance))))];

    /// <summary>Direct calls of what the linker or the kernel finds by a name.</summary>
    private static IEnumerable<(ElfSection Section, ulong Offset)> Calls(ElfSection section, IArchitecture architecture) =>
        section.Relocations.Where(
            static relocation =>
                relocation.Symbol is { Name.Length: > 0, IsUndefined: true } symbol
                    && !symbol.Name.StartsWith("__", StringComparison.Ordinal))
            .Select(relocation => (section, relocation.Offset))
            .Where(place => architecture.Branches.IsCallField(section.Data.Span, place.Offset));

    private static string NameOf(ElfSymbol symbol) =>
        symbol.IsLivepatch ? ModuleFactsReader.Parse(symbol.Name)?.Name ?? symbol.Name : symbol.Name;
}

using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Module.Verify;

/// <summary>
/// Addresses of a module's symbols are written into the livepatch when that module is there, possibly long after the
/// livepatch was loaded. By then the kernel has read the livepatch's tables and rewritten code by them: applied
/// alternatives, paravirt calls, retpolines and return thunks, sorted exception entries, set up jump labels and static
/// calls. An address written later into a table comes too late, and one written into rewritten bytes destroys an
/// instruction (kernel-internal order: kernel/livepatch/core.c and arch/*/kernel/module.c, Linux 6.1).
/// </summary>
internal static class LateRelocationRule
{
    public static void Check(ElfObject module, SpecialSectionCatalog catalog, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        var late = module.Sections
            .Where(static section => section.IsRela && (section.Flags & ElfConstants.ShfRelaLivepatch) != 0 && section.Target is not null
                && !section.Name.StartsWith($".klp.rela.{ModuleName.Vmlinux}.", StringComparison.Ordinal))
            .ToList();
        if (late.Count == 0)
        {
            return;
        }

        var rewritten = RewrittenRanges(module, catalog, architecture);
        foreach (var section in late)
        {
            var target = section.Target!;
            var isTable = catalog.Find(target.Name) is not null || catalog.IsOutOfLineCode(target.Name)
                || target.Name.StartsWith(".init", StringComparison.Ordinal);
            foreach (var relocation in section.Entries)
            {
                var width = (ulong)(architecture.Relocations.Find(relocation.Type)?.Width ?? 0);
                var place = DiagnosticLocation.InSection(module.Name, target.Name, relocation.Offset);
                if (isTable)
                {
                    diagnostics.Add(ModuleDiagnostics.LateRelocationMisplaced.At(
                        place,
                        $"The address of {relocation.Symbol.Name} is written when its module is loaded, and the kernel reads this "
                            + $"section when the livepatch is."));
                }
                else if (rewritten.TryGetValue(target.Index, out var ranges)
                    && ranges.Find(
                        range => relocation.Offset < range.End && range.Start < relocation.Offset + width) is { Table: not null } hit)
                {
                    diagnostics.Add(ModuleDiagnostics.LateRelocationMisplaced.At(
                        place,
                        $"The address of {relocation.Symbol.Name} is written when its module is loaded, into bytes that {hit.Table} "
                            + $"makes the kernel rewrite when the livepatch is."));
                }
            }
        }
    }

    private static Dictionary<int, List<(ulong Start, ulong End, string Table)>> RewrittenRanges(
        ElfObject module, SpecialSectionCatalog catalog, IArchitecture architecture)
    {
        var result = new Dictionary<int, List<(ulong Start, ulong End, string Table)>>();
        foreach (var table in module.Sections)
        {
            if (catalog.Find(table.Name) is not { } special)
            {
                continue;
            }

            // Without a known size every reference to code counts as a place, with the longest rewriting there is.
            var size = (ulong)(catalog.KnownEntrySize(special) ?? 0);
            foreach (var relocation in table.Relocations)
            {
                if (relocation.Symbol.Section is not { IsCode: true } code
                    || (size > 0 && relocation.Offset % size != (ulong)special.OwnerOffset))
                {
                    continue;
                }

                var start = size == 0 ? 0 : relocation.Offset - (ulong)special.OwnerOffset;
                var entry = size == 0 ? default : table.Data.Span[(int)start..(int)Math.Min(start + size, (ulong)table.Data.Length)];
                var from = (ulong)((long)relocation.Symbol.Value + relocation.Addend);
                var length = from < (ulong)code.Data.Length
                    ? architecture.Tables.RewrittenBytes(table.Name, entry, code.Data.Span[(int)from..])
                    : 0;
                if (length == 0)
                {
                    continue;
                }

                if (!result.TryGetValue(code.Index, out var ranges))
                {
                    result.Add(code.Index, ranges = []);
                }

                ranges.Add((from, from + (ulong)length, table.Name));
            }
        }

        return result;
    }
}

using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Module.PostLink;

/// <summary>
/// Takes entries out of tables the kernel can do without, where the code they name gets its address late.
///
/// .call_sites lists calls for the kernel to lead through code that counts them (call depth tracking, since 6.2). The livepatch is
/// loaded before a module whose symbols it uses, and its calls of them lead nowhere yet: the kernel would take the next instruction for the
/// callee, write its counting in front of that, and refuse the address later because the place is not as it was
/// (arch/*/kernel/callthunks.c, patch_call; arch/*/kernel/module.c, Linux 6.12). A call that is not listed is not counted, which makes the
/// kernel fill the return stack buffer sooner than it would have to, and nothing else.
/// </summary>
internal static class OptionalEntries
{
    /// <summary>Removes them.</summary>
    public static void DropLate(ElfObjectBuilder builder, IReadOnlyDictionary<ElfSymbolDraft, PendingSymbolName> pending)
    {
        if (!Architectures.TryGet(builder.Header.Machine, out var architecture))
        {
            return;
        }

        var catalog = architecture.Tables.Catalog(SpecialEntrySizes.FromBtf(null, architecture));
        var late = LatePlaces(builder, pending);
        foreach (var rela in builder.Sections.Where(static section => section.Type == ElfConstants.ShtRela).ToList())
        {
            if (rela.Target is { } table && catalog.Find(table.Name) is { IsOptional: true, FixedEntrySize: { } size })
            {
                Drop(
                    table,
                    rela,
                    (ulong)size,
                    [
                        .. rela.Relocations.Where(entry => IsLate(entry, table.Name, late, architecture))
                            .Select(entry => entry.Offset / (ulong)size)]);
            }
        }
    }

    private static ILookup<ElfSectionDraft, ulong> LatePlaces(
        ElfObjectBuilder builder, IReadOnlyDictionary<ElfSymbolDraft, PendingSymbolName> pending) =>
        builder.Sections
            .Where(static section => section is { Type: ElfConstants.ShtRela, Target: not null })
            .SelectMany(rela => rela.Relocations
                .Where(
                    relocation =>
                        relocation.Symbol is not null && pending.TryGetValue(relocation.Symbol, out var name)
                            && name.SectionObject != ModuleName.Vmlinux)
                .Select(relocation => (Code: rela.Target!, relocation.Offset)))
            .ToLookup(static place => place.Code, static place => place.Offset);

    private static bool IsLate(in ElfRelocationDraft entry, string table, ILookup<ElfSectionDraft, ulong> late, IArchitecture architecture)
    {
        if (entry.Symbol?.Section is not { } code)
        {
            return false;
        }

        var from = (ulong)((long)entry.Symbol.Value + entry.Addend);
        if (from >= (ulong)code.Data.Length)
        {
            return false;
        }

        var end = from + (ulong)architecture.Tables.RewrittenBytes(table, default, code.Data.Span[(int)from..]);
        return late[code].Any(place => place >= from && place < end);
    }

    private static void Drop(ElfSectionDraft table, ElfSectionDraft rela, ulong size, HashSet<ulong> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var kept = Enumerable.Range(0, table.Data.Length / (int)size).Where(index => !entries.Contains((ulong)index)).ToList();
        var places =
            kept.Select(static (index, place) => (index, place))
                .ToDictionary(static pair => (ulong)pair.index, static pair => (ulong)pair.place);
        var relocations = rela.Relocations.Where(entry => places.ContainsKey(entry.Offset / size))
            .Select(entry => entry with { Offset = (places[entry.Offset / size] * size) + (entry.Offset % size) }).ToList();
        var data = table.Data;
        table.Data = kept.SelectMany(index => data.Slice(index * (int)size, (int)size).ToArray()).ToArray();
        rela.Relocations.Clear();
        rela.Relocations.AddRange(relocations);
    }
}

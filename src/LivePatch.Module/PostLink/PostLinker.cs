using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;

namespace LivePatch.Module.PostLink;

/// <summary>
/// Turns a linked module into a livepatch module: relocations against pending symbols move into
/// <c>.klp.rela.OBJECT.SECTION</c>, and the symbols become <c>.klp.sym.OBJECT.NAME,POS</c> with SHN_LIVEPATCH
/// (Documentation/livepatch/module-elf-format.rst, Linux 6.1).
///
/// It is done after the link because a linker merges two RELA sections of one target and drops reserved section
/// indexes it does not know. It must be the last step before signing: the relocations name symbols by index, and
/// the kernel keeps and uses the whole symbol table.
/// </summary>
public static class PostLinker
{
    /// <summary>Converts a linked module.</summary>
    /// <param name="linked">The .ko as Kbuild made it.</param>
    /// <param name="diagnostics">Receives what is wrong with it.</param>
    /// <returns>The finished file; null when a fatal diagnostic was added.</returns>
    public static byte[]? TryConvert(ElfObject linked, DiagnosticBag diagnostics)
    {
        var builder = ElfObjectBuilder.From(linked);
        var pending = new Dictionary<ElfSymbolDraft, PendingSymbolName>();
        foreach (var symbol in builder.Symbols)
        {
            if (PendingSymbolName.TryParse(symbol.Name) is { } name)
            {
                pending.Add(symbol, name);
            }
        }

        DropBtf(builder);
        LinkTimeSymbol.Finish(builder);
        OptionalEntries.DropLate(builder, pending);
        if (!MoveRelocations(linked, builder, pending, diagnostics))
        {
            return null;
        }

        // One symbol may be pending for several patched objects; each keeps its entry, under the same kernel name.
        foreach (var (symbol, name) in pending)
        {
            symbol.Name = name.KlpName;
            symbol.ReservedIndex = ElfConstants.ShnLivepatch;
            symbol.Binding = ElfSymbolBinding.Global;
            symbol.Value = 0;
        }

        return builder.ToArray();
    }

    private static bool MoveRelocations(
        ElfObject linked, ElfObjectBuilder builder, Dictionary<ElfSymbolDraft, PendingSymbolName> pending, DiagnosticBag diagnostics)
    {
        var ok = true;
        foreach (var rela in builder.Sections.Where(static section => section.Type == ElfConstants.ShtRela).ToList())
        {
            var moved =
                rela.Relocations.Where(relocation => relocation.Symbol is not null && pending.ContainsKey(relocation.Symbol)).ToList();
            if (moved.Count == 0)
            {
                continue;
            }

            if (rela.Target is null || (rela.Target.Flags & ElfConstants.ShfAlloc) == 0)
            {
                diagnostics.Add(ModuleDiagnostics.BadLinkedModule.At(
                    DiagnosticLocation.InSection(
                        linked.Name, rela.Name), "It relocates a section that is not loaded against a symbol of the running kernel."));
                ok = false;
                continue;
            }

            rela.Relocations.RemoveAll(relocation => relocation.Symbol is not null && pending.ContainsKey(relocation.Symbol));
            foreach (var group in moved.GroupBy(relocation => pending[relocation.Symbol!].SectionObject)
                .OrderBy(static group => group.Key, StringComparer.Ordinal))
            {
                var section = builder.AddSection($".klp.rela.{group.Key}.{rela.Target.Name}", ElfConstants.ShtRela);
                section.Flags = ElfConstants.ShfAlloc | ElfConstants.ShfInfoLink | ElfConstants.ShfRelaLivepatch;
                section.Alignment = 8;
                section.EntrySize = ElfConstants.RelaSize;
                section.Target = rela.Target;
                section.Relocations.AddRange(group);
            }

            if (rela.Relocations.Count == 0)
            {
                builder.RemoveSection(rela);
            }
        }

        return ok;
    }

    /// <summary>Type information of the module is checked against the running kernel's at load and refused when it does not
    /// fit; a livepatch has no use for it.</summary>
    private static void DropBtf(ElfObjectBuilder builder)
    {
        foreach (var section in builder.Sections.Where(static section => section.Name is ".BTF" or ".BTF.base" or ".rela.BTF").ToList())
        {
            builder.RemoveSection(section);
        }

        builder.RemoveSymbols(static symbol => symbol.Type == ElfSymbolType.Section && symbol.Section is { Name: ".BTF" or ".BTF.base" });
    }
}

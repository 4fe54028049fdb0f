using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Module.PostLink;
using LivePatch.Module.Verify;

namespace LivePatch.Module.Extract;

/// <summary>
/// Reads an extracted object again and checks what must hold for every one, whatever was patched: relocations stay within what
/// they relocate and what they refer to, every symbol is defined here or resolved by somebody who is named, tables speak only of
/// functions that are here, and nothing leads to a section that a running kernel does not have.
///
/// The extraction is written so that this holds; but it is the stage at which a slip would still link and load, so its
/// product is read with fresh eyes before the linker mixes it with others. What the target kernel has is not asked here but
/// of the finished module (<see cref="ModuleVerifier"/>).
/// </summary>
public static class ExtractedObjectVerifier
{
    /// <summary>Compilers fold index arithmetic into addends, in either direction; that much outside is no mistake.</summary>
    private const long FoldedIndex = 4096;

    /// <summary>Sections freed or dropped before a livepatch is loaded (include/asm-generic/vmlinux.lds.h, Linux 5.10 to 6.12).</summary>
    private static readonly string[] DiscardedPrefixes = [".discard", ".init.", ".exit.", ".meminit.", ".memexit.", ".modinfo"];

    /// <summary>Checks an object.</summary>
    /// <param name="extracted">The object.</param>
    /// <param name="architecture">The machine.</param>
    /// <param name="catalog">The machine's special sections.</param>
    /// <param name="isExported">True for names the kernel or a module exports; null when that is not known, and then every name
    /// passes.</param>
    /// <param name="diagnostics">Receives each fault: LP0706 relocations, LP0701 symbols, LP0406 tables.</param>
    public static void Verify(
        ExtractedObject extracted, IArchitecture architecture, SpecialSectionCatalog catalog, Func<string, bool>? isExported,
        DiagnosticBag diagnostics)
    {
        using var output = ElfObject.TryRead(extracted.Content, extracted.SourceObject, diagnostics);
        if (output is null)
        {
            return;
        }

        CheckSymbols(output, extracted, isExported, diagnostics);
        foreach (var section in output.Sections)
        {
            if (section.IsAllocated && IsDiscarded(section))
            {
                diagnostics.Add(
                    ModuleDiagnostics.BadRelocation.At(
                        DiagnosticLocation.InSection(output.Name, section.Name),
                        "A section was extracted that running kernels do not keep."));
            }

            CheckRelocations(output, section, architecture, diagnostics);
            if (catalog.Find(section.Name) is { } special && section.Size > 0)
            {
                CheckTable(output, section, special, catalog, diagnostics);
            }
        }
    }

    private static bool IsDiscarded(ElfSection section) =>
        Array.Exists(DiscardedPrefixes, prefix => section.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static void CheckSymbols(ElfObject output, ExtractedObject extracted, Func<string, bool>? isExported, DiagnosticBag diagnostics)
    {
        var klpSymbols = extracted.KlpSymbols.ToHashSet();
        var publicNames = extracted.Replaced.Select(static function => function.LinkName).ToHashSet(StringComparer.Ordinal);
        foreach (var symbol in output.Symbols.Skip(1))
        {
            if (symbol.IsUndefined)
            {
                if (UndefinedFault(symbol, klpSymbols, isExported) is { } fault)
                {
                    diagnostics.Add(ModuleDiagnostics.UndefinedSymbol.At(DiagnosticLocation.InSymbol(output.Name, symbol.Name), fault));
                }
            }
            else if (symbol.Binding != ElfSymbolBinding.Local)
            {
                publicNames.Remove(symbol.Name);
            }
        }

        foreach (var name in publicNames.Order(StringComparer.Ordinal))
        {
            diagnostics.Add(
                ModuleDiagnostics.UndefinedSymbol.At(
                    DiagnosticLocation.InSymbol(output.Name, name), "The new function's public name is not defined."));
        }
    }

    private static string? UndefinedFault(ElfSymbol symbol, HashSet<SymbolResolution.Klp> klpSymbols, Func<string, bool>? isExported)
    {
        if (symbol.Name.Length == 0)
        {
            return "A symbol has neither a name nor a section.";
        }

        if (PendingSymbolName.TryParse(symbol.Name) is { } pending)
        {
            return klpSymbols.Contains(new SymbolResolution.Klp(pending.ObjectName, pending.Name, pending.Sympos))
                ? null
                : "The livepatch core is to resolve it, and the object's list of such symbols does not have it.";
        }

        return isExported is null || symbol.Binding == ElfSymbolBinding.Weak || isExported(symbol.Name)
            ? null
            : "It is undefined, and neither the kernel nor a module exports it.";
    }

    private static void CheckRelocations(ElfObject output, ElfSection section, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        var bytes = section.Data.Span;
        ulong covered = 0;
        foreach (var relocation in section.Relocations)
        {
            if (RelocationFault(section, bytes, relocation, covered, architecture) is { } fault)
            {
                diagnostics.Add(
                    ModuleDiagnostics.BadRelocation.At(DiagnosticLocation.InSection(output.Name, section.Name, relocation.Offset), fault));
            }

            covered = relocation.Offset + (ulong)(architecture.Relocations.Find(relocation.Type)?.Width ?? 0);
        }
    }

    private static string? RelocationFault(
        ElfSection section, ReadOnlySpan<byte> bytes, in ElfRelocation relocation, ulong covered, IArchitecture architecture)
    {
        if (!architecture.Relocations.IsLoadable(relocation.Type))
        {
            return $"The kernel's loader does not know relocation type {relocation.Type}.";
        }

        var field = architecture.Relocations.Find(relocation.Type)!;
        var width = (ulong)field.Width;
        if (relocation.Offset + width > (ulong)bytes.Length)
        {
            return section.Type == ElfConstants.ShtNobits
                ? "It relocates zeroed data, which has no bytes."
                : "It writes past the end of its section.";
        }

        if (relocation.Offset < covered)
        {
            return "It overlaps the relocation before it.";
        }

        if (!field.IsClear(bytes.Slice((int)relocation.Offset, (int)width)))
        {
            return "The bytes it writes to are not zero, which the kernel's loader demands.";
        }

        if (relocation.Symbol.Index == 0)
        {
            return "It refers to no symbol.";
        }

        if (relocation.Symbol.Section is not { } target)
        {
            return null;
        }

        if (!target.IsAllocated || IsDiscarded(target))
        {
            return $"It refers to {target.Name}, which is not loaded.";
        }

        var position = (long)relocation.Symbol.Value + relocation.Addend;
        return position < -FoldedIndex || position > (long)target.Size + FoldedIndex
            ? $"It refers to byte {position} of {target.Name}, which has {target.Size} bytes."
            : null;
    }

    private static void CheckTable(
        ElfObject output, ElfSection section, SpecialSection special, SpecialSectionCatalog catalog, DiagnosticBag diagnostics)
    {
        void Fault(ulong? offset, string text) =>
            diagnostics.Add(DiffDiagnostics.BadSpecialSection.At(DiagnosticLocation.InSection(output.Name, section.Name, offset), text));

        var known = catalog.KnownEntrySize(special);
        if (special.Rule == SpecialSectionRule.UnwindEntries)
        {
            var addresses = output.FindSection(special.Companion!)?.Size / 4 ?? 0;
            if (addresses == 0 || section.Size % addresses != 0 || (known is { } told && section.Size != addresses * (ulong)told))
            {
                Fault(null, $"It has 0x{section.Size:x} bytes for {addresses} entries of {special.Companion}.");
            }

            return;
        }

        // Without the kernel's word on the entry size the fields that refer to code still say whose the entries are.
        var owners = 0UL;
        foreach (var relocation in section.Relocations)
        {
            if (known is { } size
                ? relocation.Offset % (ulong)size != (ulong)special.OwnerOffset
                : relocation.Symbol.Section is { IsCode: false })
            {
                continue;
            }

            owners++;
            if (known is not null && relocation.Symbol.Section is not { IsCode: true })
            {
                Fault(relocation.Offset, $"Its entry is of {relocation.Symbol.DisplayName}, which is no code of this object.");
            }
        }

        if (owners == 0)
        {
            Fault(null, "Its entries lead nowhere.");
        }
        else if (known is { } entrySize && owners != (section.Size + (ulong)entrySize - 1) / (ulong)entrySize)
        {
            Fault(
                null,
                $"{owners} of its entries refer to code, and its 0x{section.Size:x} bytes are not as many entries of {entrySize} bytes.");
        }
    }
}

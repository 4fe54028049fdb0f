using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Verify;

/// <summary>
/// Checks a finished module against the rules the kernel's loader and livepatch core enforce, so that what would fail
/// (or worse, succeed wrongly) on a production machine fails here. Reads only the file and the target's tables; it does
/// not trust the stages that made the file.
/// </summary>
public static class ModuleVerifier
{
    /// <summary>All violations; empty when the module is good.</summary>
    public static DiagnosticBag Verify(ElfObject module, ITargetFacts target, IArchitecture architecture)
    {
        var diagnostics = new DiagnosticBag();
        var facts = ModuleFacts.Read(module);
        CheckIdentity(module, facts, target, diagnostics);
        CheckUndefined(module, facts, target, diagnostics);
        CheckKlpSymbols(module, target, diagnostics);
        CheckKlpSections(module, diagnostics);
        CheckRelocations(module, architecture, diagnostics);
        LateRelocationRule.Check(module, target.Catalog, architecture, diagnostics);
        CheckFunctions(module, facts, target, diagnostics);
        CodeTableRule.Check(module, target, architecture, diagnostics);
        return diagnostics;
    }

    private static void CheckIdentity(ElfObject module, ModuleFacts facts, ITargetFacts target, DiagnosticBag diagnostics)
    {
        if (!facts.IsLivepatch)
        {
            diagnostics.Add(
                ModuleDiagnostics.NotLivepatch.At(
                    module.Name, "Its .modinfo has no 'livepatch' entry, without which the kernel refuses livepatch symbols."));
        }

        if (facts.Release != target.Release)
        {
            diagnostics.Add(
                ModuleDiagnostics.WrongVermagic.At(
                    module.Name, $"Its vermagic names '{facts.Release}', and the target is '{target.Release}'."));
        }
    }

    private static void CheckUndefined(ElfObject module, ModuleFacts facts, ITargetFacts target, DiagnosticBag diagnostics)
    {
        foreach (var (name, isWeak) in facts.UndefinedSymbols)
        {
            if (PendingSymbolName.TryParse(name) is not null)
            {
                diagnostics.Add(ModuleDiagnostics.UndefinedSymbol.At(
                    DiagnosticLocation.InSymbol(module.Name, name), "It was not converted to a livepatch symbol.",
                    "Run 'klp-build postlink' on the module."));
            }
            else if (!isWeak && !target.IsExported(name))
            {
                diagnostics.Add(ModuleDiagnostics.UndefinedSymbol.At(
                    DiagnosticLocation.InSymbol(module.Name, name), "It is undefined, and neither the kernel nor a module exports it."));
            }
        }
    }

    private static void CheckKlpSymbols(ElfObject module, ITargetFacts target, DiagnosticBag diagnostics)
    {
        foreach (var symbol in module.Symbols.Where(static symbol => symbol.IsLivepatch))
        {
            var place = DiagnosticLocation.InSymbol(module.Name, symbol.Name);
            if (ModuleFactsReader.Parse(symbol.Name) is not { } name || name.ObjectName.Length > 55 || name.Name.Length > 511)
            {
                diagnostics.Add(
                    ModuleDiagnostics.BadKlpSymbol.At(place, "Its name is not .klp.sym.OBJECT.NAME,POSITION within the kernel's lengths."));
                continue;
            }

            var count = target.Occurrences(name.ObjectName, name.Name);
            if (count is null)
            {
                diagnostics.Add(ModuleDiagnostics.BadKlpSymbol.At(place, $"The target has no object {name.ObjectName}."));
            }
            else if (count == 0 || (name.Sympos == 0 ? count != 1 : name.Sympos > count))
            {
                diagnostics.Add(ModuleDiagnostics.BadKlpSymbol.At(
                    place,
                    $"{name.ObjectName} has {count} symbols {name.Name}, and position {name.Sympos} asks for "
                        + $"{(name.Sympos == 0 ? "the only one" : $"number {name.Sympos}")}."));
            }
            else if (!target.IsSteady(name.ObjectName, name.Name, name.Sympos))
            {
                diagnostics.Add(ModuleDiagnostics.UnsteadyPosition.At(place, Unsteady(name.ObjectName)));
            }
        }
    }

    private static string Unsteady(string objectName) =>
        $"While {objectName} is loading the kernel counts all its symbols, afterwards only those that stay, and the position does not "
            + $"mean the same one in both.";

    private static void CheckKlpSections(ElfObject module, DiagnosticBag diagnostics)
    {
        foreach (var section in module.Sections.Where(static section => section.IsRela))
        {
            var isKlp = (section.Flags & ElfConstants.ShfRelaLivepatch) != 0;
            var named = section.Name.StartsWith(".klp.rela.", StringComparison.Ordinal);
            if (isKlp != named || (isKlp && (section.Flags & ElfConstants.ShfAlloc) == 0))
            {
                diagnostics.Add(ModuleDiagnostics.BadKlpRelocation.At(
                    DiagnosticLocation.InSection(
                        module.Name, section.Name), "Its name and its flags do not agree on whether the livepatch core applies it."));
            }

            var patched = named ? section.Name[".klp.rela.".Length..].Split('.')[0] : null;
            for (var index = 0; index < section.Entries.Count; index++)
            {
                var symbol = section.Entries[index].Symbol;
                var place = DiagnosticLocation.InSection(module.Name, section.Name, (ulong)index * ElfConstants.RelaSize);
                if (symbol.IsLivepatch != isKlp)
                {
                    diagnostics.Add(
                        ModuleDiagnostics.BadKlpRelocation.At(
                            place,
                            $"It refers to {symbol.DisplayName}, which "
                                + $"{(isKlp ? "is no livepatch symbol" : "only the livepatch core resolves")}."));
                }
                else if (isKlp && patched != ModuleName.Vmlinux && symbol.Name.StartsWith(".klp.sym.vmlinux.", StringComparison.Ordinal))
                {
                    diagnostics.Add(
                        ModuleDiagnostics.BadKlpRelocation.At(
                            place, $"A symbol of vmlinux stands in the section of module {patched}; the kernel refuses that."));
                }
            }
        }
    }

    private static void CheckRelocations(ElfObject module, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        foreach (var section in module.Sections.Where(static section => section.IsRela && section.Target is { IsAllocated: true }))
        {
            var bytes = section.Target!.Data.Span;
            foreach (var relocation in section.Entries)
            {
                var place = DiagnosticLocation.InSection(module.Name, section.Target.Name, relocation.Offset);
                var field = architecture.Relocations.Find(relocation.Type);
                var width = field?.Width ?? 0;
                if (!architecture.Relocations.IsLoadable(relocation.Type))
                {
                    diagnostics.Add(
                        ModuleDiagnostics.BadRelocation.At(place, $"The kernel's loader does not know relocation type {relocation.Type}."));
                }
                else if ((ulong)bytes.Length < relocation.Offset + (ulong)width)
                {
                    diagnostics.Add(ModuleDiagnostics.BadRelocation.At(place, "It writes past the end of its section."));
                }
                else if (field is not null && !field.IsClear(bytes.Slice((int)relocation.Offset, width)))
                {
                    diagnostics.Add(
                        ModuleDiagnostics.BadRelocation.At(
                            place, "The bytes it writes to are not zero, which the kernel's loader demands."));
                }
                else if (relocation.Symbol.Section is { } target && !target.IsAllocated)
                {
                    diagnostics.Add(ModuleDiagnostics.BadRelocation.At(place, $"It refers to {target.Name}, which is not loaded."));
                }
            }
        }
    }

    private static void CheckFunctions(ElfObject module, ModuleFacts facts, ITargetFacts target, DiagnosticBag diagnostics)
    {
        if (facts.Functions.Count == 0)
        {
            diagnostics.Add(ModuleDiagnostics.NotLivepatch.At(module.Name, "No table of replaced functions was found in it."));
        }

        foreach (var function in facts.Functions)
        {
            var place = DiagnosticLocation.InSymbol(module.Name, function.OldName);
            var count = target.Occurrences(function.ObjectName, function.OldName);
            if (count is null or 0 || (function.Sympos == 0 ? count != 1 : function.Sympos > (ulong)count))
            {
                diagnostics.Add(ModuleDiagnostics.BadKlpSymbol.At(
                    place,
                    $"It is to be replaced at position {function.Sympos}, and {function.ObjectName} has {count ?? 0} functions of that "
                        + $"name."));
            }
            else if (!target.IsSteady(function.ObjectName, function.OldName, (uint)function.Sympos))
            {
                diagnostics.Add(ModuleDiagnostics.UnsteadyPosition.At(place, Unsteady(function.ObjectName)));
            }
            else if (target.IsTraceable(function.ObjectName, function.OldName, (uint)function.Sympos) == false)
            {
                diagnostics.Add(ModuleDiagnostics.NotTraceable.At(place, $"{function.ObjectName} has no ftrace site at its entry."));
            }
        }
    }
}

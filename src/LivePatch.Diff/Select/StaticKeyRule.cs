using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Select;

/// <summary>
/// Decides about jump labels and static calls by who owns their key. A livepatch module's tables are read when it is
/// loaded (kernel/jump_label.c, kernel/static_call_inline.c); relocations against another module's symbols are
/// written when that module is there, possibly much later. So a key in a module cannot be used; one in vmlinux or in the
/// patch itself can. Tracepoints and debug messages of a module only stay silent then: those entries are left out.
/// </summary>
internal sealed class StaticKeyRule(
    KernelObject patched, CorrelationMap map, bool isModule, ISymbolOwners owners, DiagnosticBag diagnostics)
{
    /// <summary>False when the entry must be left out.</summary>
    public bool Keeps(Atom function, Atom entry, SpecialSection special)
    {
        if (special.Rule is not (SpecialSectionRule.JumpLabel or SpecialSectionRule.StaticCall)
            || KeyOf(entry, special) is not { } key || LivesOutsideModules(key))
        {
            return true;
        }

        var name = key.Target?.Name ?? key.Relocation.Symbol.DisplayName;
        var place = DiagnosticLocation.InSymbol(patched.Name, function.Name, CodeOffset(function, entry, special));
        if (IsHarmless(name, key.Target))
        {
            diagnostics.Add(
                DiffDiagnostics.EntryDropped.At(
                    place, $"Its {special.Name} entry for {name} is left out, because the key belongs to a module."));
            return false;
        }

        diagnostics.Add(special.Rule == SpecialSectionRule.JumpLabel
            ? DiffRefusals.ModuleStaticKey.At(
                place,
                $"It has a static branch on {name}, which belongs to a module; the branch would be set up before the key can be found.",
                $"Use static_key_enabled(&{name}) in the patched function instead of the static branch.")
            : DiffRefusals.ModuleStaticCall.At(
                place,
                $"It has a static call through {name}, which belongs to a module; the call would be set up before the key can be found."));
        return false;
    }

    private static Reference? KeyOf(Atom entry, SpecialSection special)
    {
        foreach (var reference in entry.References)
        {
            if (reference.Offset == (ulong)special.KeyOffset)
            {
                return reference;
            }
        }

        return null;
    }

    private bool LivesOutsideModules(in Reference key)
    {
        if (key.Target is not { } target)
        {
            return owners.IsInVmlinux(key.Relocation.Symbol.Name);
        }

        // New keys and macro-made descriptors are copied into the patch and are its own.
        return !isModule || map.OriginalOf(target) is null;
    }

    private static bool IsHarmless(string name, Atom? target) =>
        name.StartsWith("__tracepoint_", StringComparison.Ordinal)
        || name.StartsWith("__SCK__tp_func_", StringComparison.Ordinal)
        || target?.Class == SectionClass.DynamicDebug;

    private static ulong? CodeOffset(Atom function, Atom entry, SpecialSection special)
    {
        foreach (var reference in entry.References)
        {
            if (reference.Offset == (ulong)special.OwnerOffset && reference.Target == function)
            {
                return (ulong)reference.TargetOffset;
            }
        }

        return null;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// Addresses in the module that may be there when the module is not.
///
/// A livepatch can be disabled and unloaded, and a cumulative one is when the next comes. Patched code that stores the address of a literal, a
/// new variable or a new function in memory of the kernel, or hands a new function to something that calls it later (call_rcu, a timer,
/// work, a registration), leaves a pointer into freed memory behind. Whether it is taken back in time only the author knows, so each
/// such place is a warning with the instruction.
///
/// Arguments: a function's address is told whenever it goes to another object; a variable's when it holds the address of code (a timer,
/// work, a block of operations), since most functions only use what they get.
/// </summary>
internal sealed class OutlivingAddresses(ObjectPair pair, CorrelationMap map, ChangeSet changes, Selection selection, DiagnosticBag diagnostics)
{
    private readonly Dictionary<Atom, FlowUnit?> _units = [];

    public void Check()
    {
        foreach (var function in selection.Atoms.Where(static atom => atom.Kind == AtomKind.Function && !(SymbolName.IsCold(atom.Name) && atom.Parent is not null)))
        {
            Check(function);
        }
    }

    private void Check(Atom function)
    {
        var parts = (Atom[])[function, .. function.Parts.Where(static part => SymbolName.IsCold(part.Name))];
        var own = parts.SelectMany(static part => part.References).Where(IsOwn).ToList();
        if (own.Count == 0 || Uses(function, IsOwn).Count == 0)
        {
            return;
        }

        foreach (var group in own.GroupBy(static reference => (reference.Target!, Literal: reference.Target!.Kind == AtomKind.Literals ? reference.TargetOffset : 0)))
        {
            var (target, literal) = group.Key;
            foreach (var use in Uses(function, reference => reference.Target == target && (target.Kind != AtomKind.Literals || reference.TargetOffset == literal)))
            {
                Report(use, target, literal);
            }
        }
    }

    private List<AddressUse> Uses(Atom function, Func<Reference, bool> isSeed) =>
        [.. AddressFlow.Of(pair.Patched, [function], reference => isSeed(reference) ? FlowTaint.Address : FlowTaint.None, _units, intoOthers: false)
            .Where(static use => use.Kind is AddressUseKind.Stored or AddressUseKind.Passed or AddressUseKind.Compared)];

    /// <summary>True for what the module has and the running kernel has not: its address ends with the module.</summary>
    private bool IsOwn(Reference reference) => reference.Target switch
    {
        { Kind: AtomKind.Literals } literals => literals.Section.IsStrings,
        { Kind: AtomKind.Function } function => selection.Contains(function) && map.OriginalOf(function) is null && !ConstantRule.IsLabel(reference) && reference.TargetOffset >= 0,
        { Kind: AtomKind.Object or AtomKind.Anonymous } data => selection.Contains(data)
            && (map.OriginalOf(data) is null || data.Kind == AtomKind.Anonymous || changes.IsCopiedConstant(data)),
        _ => false,
    };

    private void Report(AddressUse use, Atom target, long literal)
    {
        var what = target.Kind == AtomKind.Literals ? $"the literal {Literals.Describe(target, literal)}" : target.Name;
        var place = DiagnosticLocation.InSymbol(pair.Patched.Name, use.Where.Name, use.Offset);
        switch (use.Kind)
        {
            case AddressUseKind.Stored when !IsOwnVariable(use.Other):
                diagnostics.Add(DiffDiagnostics.Outlives.At(
                    place, $"{use.Instruction} stores the address of {what}, which is in the livepatch's memory{(use.Other is null ? string.Empty : $", in {use.Other}")}."));
                break;
            case AddressUseKind.Passed when target.Kind == AtomKind.Function || (target.Kind == AtomKind.Object && HoldsCode(target)):
                diagnostics.Add(DiffDiagnostics.Outlives.At(
                    place, $"The address of {what}, which is in the livepatch's memory, is handed to {use.Other ?? "a function called by pointer"}."));
                break;
            case AddressUseKind.Compared when target.Kind == AtomKind.Literals && IsInInstruction(use, target, literal):
                diagnostics.Add(DiffRefusals.ComparedLiteral.At(
                    place, $"{use.Instruction} compares the address of {what}, and the livepatch's copy of it has another address than the running kernel's."));
                break;
        }
    }

    /// <summary>True when the compared value is the literal itself. A register that holds it on one of several ways proves nothing.</summary>
    private static bool IsInInstruction(AddressUse use, Atom target, long literal)
    {
        var start = use.Offset + (use.Where.Symbol is { } symbol ? symbol.Value - use.Where.Start : 0);
        return use.Where.References.Any(reference => reference.Target == target && reference.TargetOffset == literal
            && reference.Offset > start && reference.Offset < start + (ulong)use.Length);
    }

    private bool IsOwnVariable(string? name) =>
        name is not null && selection.Atoms.Any(atom => atom.Name == name && atom.Kind == AtomKind.Object && map.OriginalOf(atom) is null);

    private static bool HoldsCode(Atom data) => data.References.Any(static reference => reference.Target is { Kind: AtomKind.Function } || reference.External is { Type: Elf.ElfSymbolType.Function });
}

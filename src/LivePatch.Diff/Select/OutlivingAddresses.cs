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
/// work, a registration), or returns it to callers that are not its own, leaves a pointer into freed memory behind. Whether it is taken
/// back in time only the author knows, so each such place is a warning with the instruction.
///
/// Arguments: a function's address is told whenever it goes to another object; a variable's when it holds the address of code (a
/// timer, work, a block of operations), since most functions only use what they get.
///
/// One message for each function, however many instructions it is about, and one for all the texts that NL_SET_ERR_MSG leaves in requests
/// in one object: what is said forty times is not read. Every single one is in the explanation.
/// </summary>
internal sealed class OutlivingAddresses(ObjectPair pair, CorrelationMap map, ChangeSet changes, Selection selection, DiagnosticBag diagnostics)
{
    private const int MostNames = 5;

    private const string NetlinkRemedy = "Each text is read when the request is answered, which is soon after the function returns. "
        + "Wait for a second after disabling the livepatch before it is unloaded, or never unload it.";

    private readonly Dictionary<Atom, FlowUnit?> _units = [];
    private readonly List<OutlivingAddress> _found = [];

    /// <summary>Reports them.</summary>
    /// <returns>All of them, in the order of the code.</returns>
    public IReadOnlyList<OutlivingAddress> Check()
    {
        foreach (var function in selection.Atoms.Where(static atom => atom.Kind == AtomKind.Function && !(SymbolName.IsCold(atom.Name) && atom.Parent is not null)))
        {
            Check(function);
        }

        var texts = _found.Where(static item => item.IsNetlinkText).ToList();
        if (texts.Count > 0)
        {
            diagnostics.Add(DiffDiagnostics.Outlives.At(Place(texts[0]), NetlinkTexts(texts), NetlinkRemedy));
        }

        foreach (var group in _found.Where(static item => !item.IsNetlinkText).GroupBy(static item => item.Function))
        {
            Report([.. group]);
        }

        return _found;
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
                Add(function, use, target, literal);
            }
        }
    }

    private List<AddressUse> Uses(Atom function, Func<Reference, bool> isSeed) =>
        [.. AddressFlow.Of(
                pair.Patched, [function], reference => isSeed(reference) ? Taint(reference) : FlowTaint.None, _units, intoOthers: false)
            .Where(use => use.Kind is AddressUseKind.Stored or AddressUseKind.Passed or AddressUseKind.Compared
                || (use.Kind == AddressUseKind.Returned && IsCalledByOthers(function)))];

    /// <summary>What a table of the module holds may be the module's too: the texts of a table of names.</summary>
    private FlowTaint Taint(Reference reference) =>
        reference.Target is { Kind: AtomKind.Object or AtomKind.Anonymous } data && HoldsOwn(data)
            ? FlowTaint.Address | FlowTaint.Holder
            : FlowTaint.Address;

    private bool HoldsOwn(Atom data) => data.References.Any(IsOwn);

    private bool IsCalledByOthers(Atom function) =>
        function.IsGlobal || pair.Patched.ReferrersOf(function)
            .Any(use => use.From.Kind != AtomKind.Attachment && !pair.Patched.IsBranch(use.From, use.Reference));

    /// <summary>True for what the module has and the running kernel has not: its address ends with the module.</summary>
    private bool IsOwn(Reference reference) => reference.Target switch
    {
        { Kind: AtomKind.Literals } literals => literals.Section.IsStrings,
        { Kind: AtomKind.Function } function => selection.Contains(function) && map.OriginalOf(function) is null && !reference.IsLabel && reference.TargetOffset >= 0,
        { Kind: AtomKind.Object or AtomKind.Anonymous } data => selection.Contains(data)
            && (map.OriginalOf(data) is null || data.Kind == AtomKind.Anonymous || changes.IsCopiedConstant(data)),
        _ => false,
    };

    private void Add(Atom function, AddressUse use, Atom target, long literal)
    {
        var what = target.Kind == AtomKind.Literals ? $"the literal {Literals.Describe(target, literal)}"
            : target.Kind is AtomKind.Object or AtomKind.Anonymous && HoldsOwn(target) ? $"{target.Name}, or of what it points to"
            : target.Name;
        switch (use.Kind)
        {
            case AddressUseKind.Stored when !IsOwnVariable(use.Other):
                _found.Add(new OutlivingAddress(function, use, what)
                {
                    IsNetlinkText = target.IsMadeAfresh && SpecialStatics.BaseName(target.Name) == SpecialStatics.NetlinkText,
                });
                break;
            case AddressUseKind.Passed when target.Kind == AtomKind.Function || (target.Kind == AtomKind.Object && HoldsCode(target)):
                _found.Add(new OutlivingAddress(function, use, what));
                break;
            case AddressUseKind.Returned:
                _found.Add(new OutlivingAddress(function, use, what));
                break;
            case AddressUseKind.Compared when target.Kind == AtomKind.Literals && IsInInstruction(use, target, literal):
                diagnostics.Add(DiffRefusals.ComparedLiteral.At(
                    DiagnosticLocation.InSymbol(pair.Patched.Name, use.Where.Name, use.Offset),
                    $"{use.Instruction} compares the address of {what}, and the livepatch's copy of it has another address than the running kernel's."));
                break;
        }
    }

    /// <summary>What one function keeps or hands on.</summary>
    private void Report(List<OutlivingAddress> found)
    {
        var first = found[0];
        var text = first.Text;
        if (found.Count > 1)
        {
            var others = string.Join("; ", found.Skip(1).Take(MostNames).Select(static item => item.Short));
            var more = found.Count > MostNames + 1 ? $"; and {found.Count - MostNames - 1} more (--explain has all)" : string.Empty;
            text += $"; {first.Function.Name} has {found.Count - 1} other {(found.Count == 2 ? "instruction" : "instructions")} of the kind: {others}{more}";
        }

        diagnostics.Add(DiffDiagnostics.Outlives.At(Place(first), $"{text}."));
    }

    /// <summary>"... store the addresses of 14 texts in the netlink requests they answer: bond_enslave (12), bond_set (2)".</summary>
    private static string NetlinkTexts(List<OutlivingAddress> found)
    {
        var functions = found.GroupBy(static item => item.Function).Select(static group => $"{group.Key.Name} ({group.Count()})").ToList();
        var names = string.Join(", ", functions.Take(MostNames))
            + (functions.Count > MostNames ? $" and {functions.Count - MostNames} more functions" : string.Empty);
        return $"{found.Count} {(found.Count == 1 ? "instruction stores" : "instructions store")} the address of a text for the answer to a "
            + $"netlink request (NL_SET_ERR_MSG), which is in the livepatch's memory, in the request: {names}. "
            + $"The first is {found[0].Use.Instruction}, of {found[0].What}.";
    }

    private DiagnosticLocation Place(OutlivingAddress found) => DiagnosticLocation.InSymbol(pair.Patched.Name, found.Use.Where.Name, found.Use.Offset);

    /// <summary>True when the compared value is the literal itself. A register that holds it on one of several ways proves nothing.</summary>
    private static bool IsInInstruction(AddressUse use, Atom target, long literal)
    {
        var start = use.Offset + use.Where.EntryOffset;
        return use.Where.References.Any(reference => reference.Target == target && reference.TargetOffset == literal
            && reference.Offset > start && reference.Offset < start + (ulong)use.Length);
    }

    private bool IsOwnVariable(string? name) =>
        name is not null && selection.Atoms.Any(atom => atom.Name == name && atom.Kind == AtomKind.Object && map.OriginalOf(atom) is null);

    private static bool HoldsCode(Atom data) => data.References.Any(static reference => reference.Target is { Kind: AtomKind.Function } || reference.External is { Type: Elf.ElfSymbolType.Function });
}

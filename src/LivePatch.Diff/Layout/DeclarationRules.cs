using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Elf.Dwarf;

namespace LivePatch.Diff.Layout;

/// <summary>
/// Refuses changed declarations of what stays in use by code that is not replaced: the prototype of a function, the type of a variable.
///
/// A function whose parameters change is entered by callers that pass the old ones: other objects when it is global, whoever has its address, and
/// callers of this object that are not replaced and were not compiled anew either (assembly). A variable of the same size and another type keeps a value that means something
/// else. Neither shows in object code, so declarations are compared by the debugging information, by what they mean: const, volatile and
/// typedefs do not count, sizes, signs, what is pointed to and a "..." do, and so does a function that was declared never to return and
/// now may. For variables a sign does not count, nor does what a pointer
/// without type leads to. The author can accept either by name (--allow-prototype-change, --pair NAME=NAME).
/// </summary>
internal sealed class DeclarationRules(ObjectPair pair, CorrelationMap map, ChangeSet changes, DiffOptions options, DiagnosticBag diagnostics)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Checks all pairs.</summary>
    /// <returns>The functions named in the options that this was about.</returns>
    public IReadOnlySet<string> Check()
    {
        foreach (var change in changes.Changes.Where(static change => change is { Kind: ChangeKind.Changed, Patched.Kind: AtomKind.Function, Original.Kind: AtomKind.Function }))
        {
            CheckPrototype(change.Original!, change.Patched);
        }

        foreach (var (original, patched, rule) in map.Pairs)
        {
            if (original.Kind == AtomKind.Object && patched.Kind == AtomKind.Object && rule != CorrelationRule.Author
                && patched.Class is SectionClass.Data or SectionClass.PerCpu or SectionClass.Once)
            {
                CheckVariable(original, patched);
            }
        }

        return _used;
    }

    private void CheckPrototype(Atom original, Atom patched)
    {
        if (pair.Original.FunctionOf(original) is not { } before || pair.Patched.FunctionOf(patched) is not { } after
            || (before.Meaning == after.Meaning && (!before.NeverReturns || after.NeverReturns))
            || before.Meaning.Length == 0 || after.Meaning.Length == 0 || OtherUse(original, patched) is not { } use)
        {
            return;
        }

        var place = DiagnosticLocation.InSymbol(pair.Patched.Name, patched.Name);
        var text = before.Meaning == after.Meaning
            ? $"It was declared never to return and may do so now, and {use}: compilers put nothing behind a call of the old one."
            : $"It was \"{before.Prototype}\" and becomes \"{after.Prototype}\", and {use}.";
        if (options.AllowedPrototypeChanges.FirstOrDefault(name => name == after.Name || name == patched.Name) is { } accepted)
        {
            _used.Add(accepted);
            diagnostics.Add(DiffDiagnostics.PrototypeAccepted.At(place, text));
            return;
        }

        diagnostics.Add(DiffRefusals.PrototypeChanged.At(
            place,
            text,
            $"{DiffRefusals.PrototypeChanged.Remedy} If every caller is replaced by this patch, accept it with --allow-prototype-change {after.Name}."));
    }

    /// <summary>Who goes on using a function by its old prototype, as a phrase; null when all its users are known and replaced.</summary>
    private string? OtherUse(Atom original, Atom patched)
    {
        foreach (var (from, reference) in pair.Original.ReferrersOf(original))
        {
            var user = from.Kind == AtomKind.Attachment || (SymbolName.IsCold(from.Name) && from.Parent is not null) ? from.Parent ?? from : from;
            if (user == original || user.Class is SectionClass.Init or SectionClass.Ignored or SectionClass.ModuleInfo)
            {
                continue;
            }

            if (user.Class == SectionClass.Export)
            {
                return "it is exported";
            }

            if (user.Kind is not AtomKind.Function || pair.Original.IsPointer(from, reference))
            {
                return $"{user.Name} has its address";
            }

            // A C function that was compiled with the new prototype and came out the same passes and takes what the new one says.
            if (map.PatchedOf(user) is { } twin && changes.Of(twin).Kind == ChangeKind.Same && pair.Patched.FunctionOf(twin) is null)
            {
                return $"{user.Name}, which is not replaced, calls it";
            }
        }

        return original.IsGlobal || patched.IsGlobal ? "other objects may call it" : null;
    }

    private void CheckVariable(Atom original, Atom patched)
    {
        if (original.Size == patched.Size && pair.Original.VariableOf(original) is { } before && pair.Patched.VariableOf(patched) is { } after
            && before.Type != after.Type && !DwarfMeaning.AreInterchangeable(before.Type, after.Type))
        {
            diagnostics.Add(DiffRefusals.VariableType.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, patched.Name),
                $"It was \"{before.TypeText}\" and becomes \"{after.TypeText}\", and the running kernel's value is of the old type.",
                $"{DiffRefusals.VariableType.Remedy} If its value means the same, say so with --pair {original.Name}={patched.Name}."));
        }
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Select;

/// <summary>
/// Names by which other objects reach functions and variables of this one, and the places at which they are entered.
///
/// A livepatch redirects addresses, not names. An alias that means another function after the patch shares its address with what it meant
/// before, so it cannot be redirected alone; a second entry inside a function is an address ftrace does not know.
/// </summary>
internal sealed class NameRules(ObjectPair pair, CorrelationMap map, ChangeSet changes, DiagnosticBag diagnostics)
{
    public void Check()
    {
        var patched = new Dictionary<string, Atom>(StringComparer.Ordinal);
        foreach (var atom in pair.Patched.Atoms.Where(IsReachable))
        {
            foreach (var symbol in atom.Symbols.Where(static symbol => symbol.Binding != ElfSymbolBinding.Local))
            {
                patched.TryAdd(symbol.Name, atom);
            }
        }

        foreach (var atom in pair.Original.Atoms.Where(IsReachable))
        {
            foreach (var symbol in atom.Symbols.Where(static symbol => symbol.Binding != ElfSymbolBinding.Local))
            {
                if (patched.TryGetValue(symbol.Name, out var now) && now.Kind == atom.Kind && map.PatchedOf(atom) != now
                    && !HaveSameContent(atom, now))
                {
                    diagnostics.Add(
                        DiffRefusals.NameLeadsElsewhere.At(
                            DiagnosticLocation.InSymbol(pair.Patched.Name, symbol.Name), Describe(symbol.Name, atom, now)));
                }
            }
        }

        foreach (var change in changes.Changes.Where(static change => change is { Kind: ChangeKind.Changed, Original: { Kind: AtomKind.Function, Class: SectionClass.Code, Symbol: not null } }))
        {
            CheckEntries(change.Original!, change.Patched);
        }
    }

    private static bool IsReachable(Atom atom) =>
        atom.Kind is AtomKind.Function or AtomKind.Object
            && atom.Class is SectionClass.Code or SectionClass.Data or SectionClass.ReadOnlyData or SectionClass.PerCpu;

    private static string Describe(string name, Atom before, Atom after)
    {
        var was = before.Name == name && before.Symbols.Count(static symbol => symbol.Binding != ElfSymbolBinding.Local) == 1
            ? $"a {Word(before)} of its own"
            : $"another name of {Other(before, name)}";
        return $"It was {was} and now means {Other(after, name)}. The running kernel's name leads to the old one for all code that is "
            + $"not patched.";
    }

    private static string Other(Atom atom, string name) =>
        atom.Symbols.FirstOrDefault(symbol => symbol.Name != name)?.Name is { } other ? $"{other}" : $"a {Word(atom)} of its own";

    private static string Word(Atom atom) => atom.Kind == AtomKind.Function ? "function" : "variable";

    /// <summary>What compilers fold into one: then the name means the same wherever it leads.</summary>
    private static bool HaveSameContent(Atom before, Atom after) =>
        before.Kind == AtomKind.Function && before.Bytes.SequenceEqual(after.Bytes) && before.References.Count == after.References.Count
        && before.References.Zip(after.References).All(static both =>
            both.First.Offset == both.Second.Offset && both.First.TargetOffset == both.Second.TargetOffset
            && both.First.Target?.Kind != AtomKind.Literals
            && (both.First.Target?.Name ?? both.First.Relocation.Symbol.Name) == (
                both.Second.Target?.Name ?? both.Second.Relocation.Symbol.Name));

    private void CheckEntries(Atom original, Atom patched)
    {
        var entry = original.Symbol!.Value;
        var second = original.Symbols.FirstOrDefault(symbol =>
            symbol.Type == ElfSymbolType.Function && symbol.Binding != ElfSymbolBinding.Local && symbol.Value != entry
                && !pair.Original.Architecture.Entry.IsPrefixSymbol(symbol.Name));
        if (second is not null)
        {
            Refuse($"It has a second entry {second.Name} at +0x{second.Value - entry:x}, and calls of that are not redirected.");
            return;
        }

        foreach (var (from, reference) in pair.Original.ReferrersOf(original))
        {
            if (from.Kind == AtomKind.Function && from != original && !IsPartOf(from, original) && !IsPartOf(original, from)
                && reference.TargetOffset != (long)(entry - original.Start) && pair.Original.IsBranch(from, reference)
                && !(map.PatchedOf(from) is { } caller && changes.Of(caller).Kind == ChangeKind.Changed))
            {
                Refuse(
                    $"{from.Name} enters it at +0x{reference.TargetOffset - (long)(entry - original.Start):x}, and only calls of its "
                        + $"first instruction are redirected.");
                return;
            }
        }

        void Refuse(string text) =>
            diagnostics.Add(DiffRefusals.SecondEntry.At(DiagnosticLocation.InSymbol(pair.Patched.Name, patched.Name), text));
    }

    private static bool IsPartOf(Atom part, Atom function)
    {
        for (var atom = part; atom is not null; atom = atom.Parent)
        {
            if (atom == function)
            {
                return true;
            }
        }

        return false;
    }
}

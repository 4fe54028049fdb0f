using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Kernel;

namespace LivePatch.Module.Bind;

/// <summary>
/// What the objects of one patch define for each other.
///
/// The kernel's own link binds names across files by one rule, and so must the livepatch's. But most names mean something
/// that runs already: a call of a function that another object of the patch replaces must reach the running original,
/// where it is redirected like every other call (and not the copy, which goes away with the livepatch). So an object offers
/// the others only what the running kernel does not have under that name: new functions and variables, former statics
/// and new aliases. Each new one gets a global link name of its own, because files of two modules may well add the same name.
///
/// The rule also shows what a livepatch cannot imitate: a function that moves to another file or takes the place of a
/// weak one changes what all the kernel's code calls, patched or not.
/// </summary>
public sealed class SiblingSymbols
{
    private readonly Dictionary<string, List<SiblingDefinition>> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RemovedSymbol>> _removed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<SiblingObject> _objects;

    /// <summary>Collects the definitions.</summary>
    /// <param name="objects">All objects the patch changes, those without a change of code included.</param>
    /// <param name="removedElsewhere">What went with whole files that the patch removes.</param>
    public SiblingSymbols(IReadOnlyList<SiblingObject> objects, IReadOnlyList<RemovedSymbol> removedElsewhere)
    {
        _objects = objects;
        foreach (var item in objects)
        {
            foreach (var atom in item.Diff.Pair!.Patched.Atoms.Where(
                static atom => atom.Kind is AtomKind.Function or AtomKind.Object && atom.IsGlobal))
            {
                AddDefinitions(item, atom);
            }

            foreach (var symbol in item.Diff.Pair.Patched.Elf.Symbols.Where(static symbol => symbol.IsUndefined))
            {
                _wanted.Add(symbol.Name);
            }

            AddRemoved(item);
        }

        foreach (var removed in removedElsewhere)
        {
            Add(_removed, removed.Name, removed);
        }
    }

    /// <summary>The global name under which an object's new symbol is linked; null when no object refers to it.</summary>
    public string? LinkName(SiblingObject item, string name) => _wanted.Contains(name) ? NameFor(item, name) : null;

    internal static string NameFor(SiblingObject item, string name) =>
        $"klp_shared_{item.Index}_{string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'))}";

    internal IReadOnlyList<SiblingDefinition> Definitions(string name) => _definitions.TryGetValue(name, out var found) ? found : [];

    internal RemovedSymbol? Removed(string name, string owner) =>
        _removed.TryGetValue(name, out var found)
            ? found.Find(removed => removed.Owner == owner || removed.Owner == ModuleName.Vmlinux)
            : null;

    /// <summary>Refuses what changes the meaning of a name for code that is not patched.</summary>
    /// <param name="hasGlobal">Tells whether an object (vmlinux or a module) has a global or weak symbol of a name.</param>
    /// <param name="diagnostics">Receives the refusals.</param>
    public void Check(Func<string, string, bool> hasGlobal, DiagnosticBag diagnostics)
    {
        foreach (var (name, definitions) in _definitions.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var group in definitions.Where(static item => item.Original is null).GroupBy(static item => item.Object.Owner))
            {
                var items = group.ToList();
                var place = DiagnosticLocation.InSymbol(items[0].Object.Path, name);
                if (items.Count > 1)
                {
                    diagnostics.Add(
                        SiblingDiagnostics.DefinedTwice.At(
                            place, $"{name} is added to {string.Join(" and to ", items.Select(static item => item.Object.Path))}."));
                }

                if (hasGlobal(group.Key, name))
                {
                    var from = _removed.TryGetValue(name, out var removed) && removed.Find(item => item.Owner == group.Key) is { } old
                        ? $" The patch takes it out of {old.Path}."
                        : string.Empty;
                    diagnostics.Add(
                        SiblingDiagnostics.NameTaken.At(
                            place,
                            $"The patch adds {name} to {items[0].Object.Path}, and {group.Key} has a global symbol of that name "
                                + $"elsewhere.{from}"));
                }
            }
        }

        CheckMovedData(diagnostics);
    }

    private void AddDefinitions(SiblingObject item, Atom atom)
    {
        var original = item.Diff.Correlation!.OriginalOf(atom);
        if (original is null && item.Diff.Changes!.Of(atom).Kind != ChangeKind.New)
        {
            return;
        }

        foreach (var symbol in atom.Symbols.Where(static symbol => symbol.Binding != ElfSymbolBinding.Local))
        {
            // A name the object had before for other files is found in the running kernel.
            var isOld = original is not null
                && original.Symbols.Any(old => old.Name == symbol.Name && old.Binding != ElfSymbolBinding.Local);
            if (!isOld && (original is null || symbol.Value - atom.Start == (original.Symbol?.Value ?? 0) - original.Start))
            {
                Add(_definitions, symbol.Name, new SiblingDefinition(item, atom, original));
            }
        }
    }

    private void AddRemoved(SiblingObject item)
    {
        var left =
            item.Diff.Pair!.Patched.Elf.Symbols.Where(IsVisible).Select(static symbol => symbol.Name).ToHashSet(StringComparer.Ordinal);

        // A weak symbol that goes may have a strong one elsewhere, which is what everybody used.
        foreach (var symbol in item.Diff.Pair.Original.Elf.Symbols.Where(
            symbol => IsVisible(symbol) && symbol.Binding == ElfSymbolBinding.Global && !left.Contains(symbol.Name)))
        {
            Add(_removed, symbol.Name, new RemovedSymbol(symbol.Name, item.Owner, item.Path));
        }
    }

    private void CheckMovedData(DiagnosticBag diagnostics)
    {
        foreach (var item in _objects)
        {
            foreach (var atom in item.Diff.Pair!.Patched.Atoms.Where(
                atom => IsState(atom) && item.Diff.Changes!.Of(atom).Kind == ChangeKind.New))
            {
                var from =
                    _objects.FirstOrDefault(other => other != item && other.Owner == item.Owner && other.Diff.Pair!.Original.Atoms.Any(
                    old => IsState(old) && BaseName(old.Name) == BaseName(atom.Name) && other.Diff.Correlation!.PatchedOf(old) is null));
                if (from is not null)
                {
                    diagnostics.Add(SiblingDiagnostics.DataMoved.At(
                        DiagnosticLocation.InSymbol(
                            item.Path,
                            atom.Name), $"The patch takes {BaseName(atom.Name)} out of {from.Path} and adds it to {item.Path}."));
                }
            }
        }
    }

    private static bool IsState(Atom atom) => atom is { Kind: AtomKind.Object, Class: SectionClass.Data, Symbol: not null };

    /// <summary>A static local's name without the compiler's number.</summary>
    private static string BaseName(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;

    private static bool IsVisible(ElfSymbol symbol) => symbol.Section is not null && symbol.Binding != ElfSymbolBinding.Local;

    private static void Add<T>(Dictionary<string, List<T>> index, string name, T item)
    {
        if (!index.TryGetValue(name, out var list))
        {
            index.Add(name, list = []);
        }

        list.Add(item);
    }
}

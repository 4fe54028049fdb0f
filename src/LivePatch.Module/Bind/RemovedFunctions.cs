using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Module.Bind;

/// <summary>
/// Functions that the patch takes away while code that it does not touch calls them.
///
/// Mostly a removed function has no callers left, and that the running kernel keeps it harms nobody. But a global function may stand in the
/// place of a weak one, and then its removal is the change: everybody calls the weak one. The objects of the patch do not show that, since
/// the callers are in others. The running kernel does: who calls the function there, and is in no object that the patch was compared in,
/// goes on calling something of that name, or the patched kernel would not link.
///
/// Limits: calls by pointers are not found, and nothing is said of files that are removed as a whole.
/// </summary>
public static class RemovedFunctions
{
    private const int MostCallers = 5;

    /// <summary>Refuses removals that change what other code calls.</summary>
    /// <param name="objects">All compared objects: path, vmlinux or module, and what differs.</param>
    /// <param name="callersOf">Functions of an object that call a function by its name.</param>
    /// <param name="diagnostics">Receives the refusals.</param>
    public static void Check(
        IEnumerable<(
            string Path,
            string Owner,
            DiffResult Diff)> objects, Func<string, string, IReadOnlyList<string>> callersOf, DiagnosticBag diagnostics)
    {
        var all = objects.Where(static item => item.Diff.Pair is not null).ToList();
        foreach (var group in all.GroupBy(static item => item.Owner))
        {
            // Who is compared is compared with its calls.
            var compared = group.SelectMany(static item => item.Diff.Pair!.Original.Elf.Symbols)
                .Where(static symbol => symbol.Section is not null)
                .Select(static symbol => symbol.Name)
                .ToHashSet(StringComparer.Ordinal);

            // What another file of the patch defines then has moved there, which is refused for itself.
            var left = group.SelectMany(static item => Visible(item.Diff.Pair!.Patched)).ToHashSet(StringComparer.Ordinal);
            foreach (var (path, owner, diff) in group)
            {
                foreach (var name in Visible(diff.Pair!.Original).Where(name => !left.Contains(name)).Order(StringComparer.Ordinal))
                {
                    var callers = callersOf(owner, name).Where(caller => !compared.Contains(caller)).ToList();
                    if (callers.Count > 0)
                    {
                        diagnostics.Add(ModuleDiagnostics.StillCalled.At(
                            DiagnosticLocation.InSymbol(path, name),
                            $"The patch takes {name} away, and {Names(callers)} in other files of {owner} call it: they would get "
                                + $"another definition of that name, and keep this one."));
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Visible(KernelObject side) =>
        side.Atoms.Where(static atom => atom is { Kind: AtomKind.Function, Class: SectionClass.Code })
            .SelectMany(static atom => atom.Symbols)
            .Where(static symbol => symbol.Binding == ElfSymbolBinding.Global)
            .Select(static symbol => symbol.Name);

    private static string Names(List<string> callers) =>
        string.Join(", ", callers.Take(MostCallers))
            + (callers.Count > MostCallers ? $" and {callers.Count - MostCallers} more" : string.Empty);
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// Stores of patched code to memory that is read-only once the kernel is up: constants, and what is __ro_after_init. They
/// fault. The original may have such stores too, in functions that only run while the kernel boots; so what counts is a store to a variable
/// to which no code of the original that stays had one.
///
/// A variable of another object is known by its name; where that lies in the running kernel says whether it may be written. Helpers of the
/// object are followed into, and of functions outside those of the C library that write through their first argument are known.
/// </summary>
internal sealed class ReadOnlyStores(
    ObjectPair pair, CorrelationMap map, Selection selection, DiffOptions options, DiagnosticBag diagnostics)
{
    /// <summary>What writes to where its first argument points, whatever the rest is.</summary>
    private static readonly HashSet<string> Writers = new(StringComparer.Ordinal)
    {
        "memset", "memset16", "memset32", "memset64", "__memset", "memcpy", "__memcpy", "memmove", "__memmove", "memzero_explicit",
        "strcpy", "strncpy", "strlcpy",
        "strscpy", "sized_strscpy", "strscpy_pad", "strcat", "strncat", "strlcat", "sprintf", "snprintf", "scnprintf", "vsnprintf",
        "vscnprintf", "vsprintf",
        "_copy_from_user", "copy_from_user_nofault", "copy_from_kernel_nofault", "get_random_bytes",
    };

    private readonly Dictionary<Atom, FlowUnit?> _before = [];
    private readonly Dictionary<Atom, FlowUnit?> _after = [];

    public void Check()
    {
        var references =
            selection.Atoms.Where(static atom => atom.Kind == AtomKind.Function)
                .SelectMany(static function => function.References)
                .ToList();
        foreach (var target in references.Select(static reference => reference.Target)
            .OfType<Atom>()
            .Where(IsReadOnly)
            .Distinct()
            .OrderBy(static atom => atom.Index))
        {
            var users = Users(pair.Patched, target).Where(selection.Contains);
            var original = map.OriginalOf(target);
            if (Write(pair.Patched, users, reference => reference.Target == target, _after) is { } write
                && (
                    original is null
                        || Write(
                            pair.Original,
                            Users(pair.Original, original).Where(Stays),
                            reference => reference.Target == original,
                            _before) is null))
            {
                Refuse(
                    write,
                    target.Name,
                    original is null ? $"which the livepatch puts into {target.Section.Name}" : $"which is in {target.Section.Name}");
            }
        }

        var outside =
            references.Where(static reference => reference.Target is null && reference.Relocation.Symbol.IsUndefined)
                .Select(static reference => reference.Relocation.Symbol.Name);
        foreach (var name in outside.Distinct().Order(StringComparer.Ordinal))
        {
            if (options.Owners.ReadOnlyOwner(options.ObjectName, name) is { } owner
                && Write(
                    pair.Patched,
                    Users(pair.Patched, name).Where(selection.Contains),
                    reference => IsOutside(reference, name),
                    _after) is { } write
                && Write(pair.Original, Users(pair.Original, name).Where(Stays), reference => IsOutside(reference, name), _before) is null)
            {
                Refuse(write, name, $"which is another object's and in read-only memory of {owner}");
            }
        }
    }

    private void Refuse(AddressUse write, string variable, string where) => diagnostics.Add(DiffRefusals.ReadOnlyStore.At(
        DiagnosticLocation.InSymbol(pair.Patched.Name, write.Where.Name, write.Offset),
        write.Kind == AddressUseKind.Passed
            ? $"{write.Instruction} has {write.Other} write {variable}, {where} and read-only once the kernel is up: it would fault."
            : $"{write.Instruction} writes {variable}, {where} and read-only once the kernel is up: it would fault."));

    private static IEnumerable<Atom> Users(KernelObject side, Atom target) =>
        side.ReferrersOf(target).Select(static use => use.From).Where(static from => from.Kind == AtomKind.Function).Distinct();

    private static IEnumerable<Atom> Users(KernelObject side, string name) =>
        side.Atoms.Where(atom => atom.Kind == AtomKind.Function && atom.References.Any(reference => IsOutside(reference, name)));

    private static bool IsOutside(in Reference reference, string name) =>
        reference.Target is null && reference.Relocation.Symbol.Name == name;

    /// <summary>Code that is there when the kernel is up.</summary>
    private static bool Stays(Atom function) => function.Class == SectionClass.Code;

    private static AddressUse? Write(
        KernelObject side, IEnumerable<Atom> functions, Func<Reference, bool> isMeant, Dictionary<Atom, FlowUnit?> units) =>
        AddressFlow.Of(side, functions, reference => isMeant(reference) ? FlowTaint.Address : FlowTaint.None, units)
            .FirstOrDefault(static use => use.Kind == AddressUseKind.Written
                || (use is { Kind: AddressUseKind.Passed, IsFirstArgument: true, Other: { } callee } && Writers.Contains(callee)));

    private static bool IsReadOnly(Atom atom) =>
        atom is { Kind: AtomKind.Object, Class: SectionClass.ReadOnlyData }
        || (
            atom is { Kind: AtomKind.Object, Class: SectionClass.Data }
                && atom.Section.Name.StartsWith(".data..ro_after_init", StringComparison.Ordinal));
}

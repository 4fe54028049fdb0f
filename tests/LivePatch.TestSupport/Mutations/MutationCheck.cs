using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Diff.Accounting;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.TestSupport.Mutations;

/// <summary>
/// Compares an object with a changed copy of itself and asks whether the change was noticed: refused, in the module, or forgiven by a
/// rule that is named at the very place. A changed place that counts as the same must be one of those that mean nothing; they are listed
/// here, each with its reason.
/// </summary>
/// <param name="good">The object.</param>
/// <param name="architecture">Its machine.</param>
/// <param name="catalog">Its special sections.</param>
/// <param name="objectName">"vmlinux" or the module it belongs to.</param>
public sealed class MutationCheck(byte[] good, IArchitecture architecture, SpecialSectionCatalog catalog, string objectName)
{
    /// <summary>What is wrong about the verdict; null when the change was noticed or means nothing.</summary>
    public string? Check(Mutation mutation)
    {
        var diagnostics = new DiagnosticBag();
        using var original = ElfObject.Read(good, "case.o");
        using var patched = ElfObject.TryRead(mutation.Content, "case.o", diagnostics);
        if (patched is null)
        {
            return diagnostics.HasFatal ? null : $"{mutation.What}: not read, and no reason given";
        }

        var result = DiffEngine.Compare(original, patched, architecture, catalog, new DiffOptions(objectName, new EverythingInVmlinux()));
        if (result.Diagnostics.HasFatal)
        {
            return null;
        }

        if (result.Ledger is not { } ledger)
        {
            return $"{mutation.What}: no account";
        }

        return Meaningless(mutation, original, result) is not null
            || IsNoticed(mutation, result, ledger) ? null : $"{mutation.What}: passed over";
    }

    /// <summary>True when something other than "the same" is claimed of the changed place, or of what refers to it.</summary>
    private static bool IsNoticed(Mutation mutation, DiffResult result, Ledger ledger)
    {
        var side = result.Pair!.Patched;
        var atoms = Places(mutation, side).ToHashSet();
        var noticed = ledger.Claims.Where(static claim =>
            claim.Kind is not (ClaimKind.Same or ClaimKind.Moved or ClaimKind.ByUse or ClaimKind.NotRead))
            .Select(static claim => claim.Atom).OfType<Atom>().ToHashSet();
        if (atoms.Count == 0)
        {
            // An outside symbol: whoever refers to it.
            atoms = [.. side.Atoms.Where(atom => atom.References.Any(reference => reference.Relocation.Symbol.Index == mutation.Symbol))];
        }

        foreach (var was in Places(mutation, result.Pair.Original))
        {
            // What the place belonged to before may be the one that lost it, or be gone.
            if (noticed.Contains(was))
            {
                return true;
            }

            atoms.UnionWith(new[] { was, was.Parent }.OfType<Atom>().Select(result.Correlation!.PatchedOf).OfType<Atom>());
        }

        // What has no meaning of its own is judged by its users.
        var seen = new HashSet<Atom>(atoms);
        var queue = new Queue<Atom>(atoms);
        while (queue.TryDequeue(out var atom))
        {
            if (noticed.Contains(atom))
            {
                return true;
            }

            foreach (var next in side.ReferrersOf(atom).Select(static use => use.From).Append(atom.Parent).OfType<Atom>().Where(seen.Add))
            {
                queue.Enqueue(next);
            }
        }

        return false;
    }

    private static IEnumerable<Atom> Places(Mutation mutation, KernelObject side)
    {
        if (mutation.Symbol is { } symbol)
        {
            return side.AtomOf(side.Elf.Symbols[symbol]) is { } named ? [named] : [];
        }

        var section = side.Elf.Sections[mutation.Section!.Value];
        return mutation.Offset is { } offset ? side.AtomAt(section, offset) is { } atom ? [atom] : [] : side.AtomsOf(section);
    }

    /// <summary>Why a change means nothing; null when it does mean something.</summary>
    private static string? Meaningless(Mutation mutation, ElfObject original, DiffResult result)
    {
        var side = result.Pair!.Patched;
        if (mutation.Symbol is { } index)
        {
            var symbol = side.Elf.Symbols[index];
            var was = original.Symbols[index];
            if (symbol.Section is null && was.Section is null)
            {
                return side.Atoms.Any(atom => atom.References.Any(reference => reference.Relocation.Symbol == symbol)) ? null
                    : "nothing refers to the outside symbol";
            }

            if (result.Pair.Original.AtomOf(was) is { Kind: AtomKind.Literals }
                && was.Binding == ElfSymbolBinding.Local)
            {
                return "references to literals go by content, whatever label is there";
            }

            if (result.Pair.Original.AtomOf(was) is { Kind: AtomKind.Attachment } && was.Binding == ElfSymbolBinding.Local
                && !original.Sections.Any(section => section.Relocations.Any(relocation => relocation.Symbol == was)))
            {
                return "nothing refers to the name of a table's entry";
            }

            if (was.Section is not null && result.Pair.Original.ClassOf(was.Section) == SectionClass.Ignored)
            {
                return "it lies in a section that is not read";
            }

            return was.Binding == ElfSymbolBinding.Local && was.Name != symbol.Name
                && WithoutNumber(was.Name) == WithoutNumber(symbol.Name) ? "only the compiler's number differs" : null;
        }

        var section = side.Elf.Sections[mutation.Section!.Value];
        var before = original.Sections[mutation.Section.Value];
        if (result.Pair.Original.ClassOf(before) == SectionClass.Ignored)
        {
            return "the section is not read";
        }

        if (result.Pair.Original.Catalog.Find(before.Name) is { Derived: true })
        {
            return "the table restates what the code says";
        }

        if (mutation.Offset is not { } offset)
        {
            const ulong Merging = ElfConstants.ShfMerge;
            return before.IsStrings && (before.Flags ^ section.Flags) == Merging ? "strings stay strings when they are not merged"
                : before.EntrySize != section.EntrySize && (before.Flags & ElfConstants.ShfMerge) == 0 ? "only merged sections have entries"
                : side.AtomsOf(section).All(static atom => atom.Kind == AtomKind.Literals)
                    && !AnyUse(side, section) ? "nothing refers to the literals" : null;
        }

        if (side.AtomAt(section, offset) is { Kind: AtomKind.Literals } literals)
        {
            return Covers(side, literals, offset) ? null : "nothing refers to the literal";
        }

        return side.ClassOf(section) is SectionClass.Marker ? "the author's word is compared with nothing" : null;
    }

    private static string WithoutNumber(string name) => name.TrimEnd("0123456789".ToCharArray());

    private static bool AnyUse(KernelObject side, ElfSection section) =>
        side.AtomsOf(section).Any(atom => side.ReferrersOf(atom).Count > 0);

    /// <summary>True when a reference means a literal that holds the byte.</summary>
    private static bool Covers(KernelObject side, Atom literals, ulong offset)
    {
        var unit = (long)Math.Max(1, literals.Section.EntrySize);
        return side.ReferrersOf(literals).Any(use =>
        {
            var (start, end) = (use.Reference.TargetOffset, use.Reference.TargetOffset);
            var bytes = literals.Section.Data.Span;
            if (!literals.Section.IsStrings)
            {
                return (long)offset / unit == start / unit;
            }

            while (end + unit <= bytes.Length && bytes.Slice((int)end, (int)unit).ContainsAnyExcept((byte)0))
            {
                end += unit;
            }

            return (long)offset >= start && (long)offset < end + unit;
        });
    }

    private sealed class EverythingInVmlinux : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Accounting;

/// <summary>
/// Accounts for every piece of both objects once the comparison has come to its end.
///
/// The passes before look for what changed, each at what it knows of. What none of them looks at would be lost without a word: a
/// table that nobody thought of, a name that means something else, a relocation beside every function. So nothing counts as unchanged
/// because nobody said it changed. Every section, every atom of it, every symbol and every relocation must be claimed: it is the same (a
/// second, plainer comparison says so, see <see cref="SecondLook"/>), it differs and a named rule forgave that, it goes into the module,
/// a message names it, or it is not read by anybody. What nothing claims is refused by the caller as not understood.
///
/// Why not make the first comparison complete instead: it was meant to be, each time. What is looked for and what is left over are two
/// questions, and the second can be answered without knowing any member of the first.
///
/// Limits: where a rule forgave a difference of a function (a line number), the plain comparison cannot tell a second difference in the
/// same function from it; and bytes of merged literals that nothing refers to are not compared.
/// </summary>
internal sealed class Accountant
{
    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map;
    private readonly ChangeSet _changes;
    private readonly Selection _selection;
    private readonly SecondLook _look;
    private readonly ILookup<Atom, ForgivenDifference> _forgiven;
    private readonly ILookup<Atom, ForgivenDifference> _ignored;
    private readonly HashSet<string> _reported;
    private readonly List<Claim> _claims = [];

    private Accountant(ObjectPair pair, CorrelationMap map, ChangeSet changes, Selection selection, IEnumerable<Diagnostic> diagnostics)
    {
        _pair = pair;
        _map = map;
        _changes = changes;
        _selection = selection;
        _look = new SecondLook(pair, map);
        _forgiven = changes.Forgiven.ToLookup(static item => item.Patched);
        _ignored = changes.Ignored.ToLookup(static item => item.Patched);
        _reported = diagnostics.Select(static item => item.Location.Symbol ?? item.Location.Section).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Accounts for two objects.</summary>
    /// <param name="pair">The objects.</param>
    /// <param name="map">What is which.</param>
    /// <param name="changes">What the patch did.</param>
    /// <param name="selection">What goes into the module.</param>
    /// <param name="diagnostics">What has been said so far.</param>
    public static Ledger Account(ObjectPair pair, CorrelationMap map, ChangeSet changes, Selection selection,
        IEnumerable<Diagnostic> diagnostics)
    {
        var accountant = new Accountant(pair, map, changes, selection, diagnostics);
        accountant.Sections(pair.Patched, isPatched: true);
        foreach (var atom in pair.Patched.Atoms)
        {
            accountant.Patched(atom);
        }

        accountant.Sections(pair.Original, isPatched: false);
        foreach (var atom in pair.Original.Atoms)
        {
            accountant.Original(atom);
        }

        accountant.Ownerless();
        accountant.Absolute();
        return new Ledger(accountant._claims);
    }

    private void Add(ClaimKind kind, bool isPatched, Atom atom, string reason) =>
        _claims.Add(new Claim(kind, isPatched, atom.Section, atom, atom.Name, reason));

    /// <summary>Sections that are not cut, and what lies in none of the pieces of those that are.</summary>
    private void Sections(KernelObject side, bool isPatched)
    {
        foreach (var section in side.Elf.Sections.Where(static section => section is { IsAllocated: true, IsRela: false }))
        {
            var atoms = side.AtomsOf(section);
            if (side.ClassOf(section) == SectionClass.Ignored)
            {
                NotCut(section, isPatched);
                continue;
            }

            ulong covered = 0;
            foreach (var atom in atoms)
            {
                if (atom.Start != covered)
                {
                    break;
                }

                covered = atom.End;
            }

            if (covered != section.Size)
            {
                Unclaimed(section, isPatched, $"no function, variable or entry begins at +0x{covered:x}");
            }

            var known = atoms.SelectMany(static atom => atom.References).Select(static reference => reference.Relocation.Offset)
                .ToHashSet();
            foreach (var relocation in section.Relocations.Where(relocation => !known.Contains(relocation.Offset)))
            {
                Unclaimed(section, isPatched, $"the relocation at +0x{relocation.Offset:x} belongs to nothing");
            }
        }
    }

    /// <summary>Notes are collected by the linker and read from outside; of the others nothing reaches the running kernel.</summary>
    private void NotCut(ElfSection section, bool isPatched)
    {
        // What code may rely on is the compiler's word to the linker, which drops it (include/asm-generic/vmlinux.lds.h, Linux 6.1).
        if (!section.Name.StartsWith(".note", StringComparison.Ordinal) || section.Name == ".note.gnu.property")
        {
            _claims.Add(new Claim(ClaimKind.NotRead, isPatched, section, null, section.Name,
                "the kernel's linker drops it, or its module loader does without"));
            return;
        }

        // Only a note has to be looked for on the other side.
        var other = (isPatched ? _pair.Original : _pair.Patched).Elf.Sections
            .Where(candidate => candidate.Name == section.Name && candidate.IsAllocated).ToList();
        if (other is [var twin] && twin.Data.Span.SequenceEqual(section.Data.Span)
            && twin.Relocations.Count == section.Relocations.Count)
        {
            _claims.Add(new Claim(ClaimKind.Same, isPatched, section, null, section.Name, "the same bytes"));
        }
        else
        {
            Unclaimed(section, isPatched, "the note differs, or is on one side only");
        }
    }

    private void Unclaimed(ElfSection section, bool isPatched, string reason) =>
        _claims.Add(_reported.Contains(section.Name)
            ? new Claim(ClaimKind.Reported, isPatched, section, null, section.Name, "a message names it")
            : new Claim(ClaimKind.Unclaimed, isPatched, section, null, section.Name, reason));

    private void Patched(Atom atom)
    {
        if (_selection.Contains(atom))
        {
            Add(ClaimKind.Selected, true, atom, _selection.ReasonsFor(atom).First().Text);
        }
        else if (ByUse(atom, _pair.Patched) is { } use)
        {
            Add(ClaimKind.ByUse, true, atom, use);
        }
        else if (_map.OriginalOf(atom) is { } original)
        {
            Paired(original, atom);
        }
        else if (!IsOwnerless(atom, _pair.Patched))
        {
            Alone(atom, isPatched: true);
        }
    }

    private void Original(Atom atom)
    {
        if (ByUse(atom, _pair.Original) is { } use)
        {
            Add(ClaimKind.ByUse, false, atom, use);
        }
        else if (_map.PatchedOf(atom) is not null)
        {
            // Claimed with its counterpart.
        }
        else if (!IsOwnerless(atom, _pair.Original))
        {
            Alone(atom, isPatched: false);
        }
    }

    /// <summary>How a piece without a meaning of its own was compared; null when it has one.</summary>
    private static string? ByUse(Atom atom, KernelObject side) => atom switch
    {
        { Kind: AtomKind.Literals } => "literals are compared where something refers to them",
        { Class: SectionClass.Marker } => "it is the author's word to this tool",
        { Kind: AtomKind.Attachment, Parent: { Kind: AtomKind.Function or AtomKind.Attachment } owner } =>
            $"it is an entry of {owner.Name}",
        { Class: SectionClass.OutOfLineCode } when side.ReferrersOf(atom)
            .Count > 0 => "replacement code is compared where something refers to it",
        { Class: SectionClass.SpecialTable } when side.Catalog.Find(atom.Section.Name) is { Derived: true } =>
            "it restates what the code says",
        _ => null,
    };

    private void Paired(Atom original, Atom patched)
    {
        var change = _changes.Of(patched);
        var difference = _look.Difference(original, patched);
        if (difference is null && change.Kind == ChangeKind.Same)
        {
            var moved = original.Start != patched.Start || original.Section.Name != patched.Section.Name;
            Add(moved ? ClaimKind.Moved : ClaimKind.Same, true, patched, moved ? $"the same, at another place of {patched.Section.Name}"
                : "the same");
            return;
        }

        if (change.Kind == ChangeKind.Same && _ignored[patched].FirstOrDefault() is { } ignored)
        {
            Add(ClaimKind.Forgiven, true, patched, ignored.Text);
        }
        else if (_look.Identity(original, patched) is { } identity)
        {
            OrReported(patched, true, identity);
        }
        else if (change.Kind == ChangeKind.Same && _forgiven[patched].FirstOrDefault() is { } forgiven)
        {
            Add(ClaimKind.Forgiven, true, patched, forgiven.Text);
        }
        else if (Rule(original, patched) is { } rule)
        {
            Add(ClaimKind.Forgiven, true, patched, rule);
        }
        else
        {
            OrReported(patched, true, change.Reason ?? difference ?? "it differs");
        }
    }

    /// <summary>Differences that matter to nobody, by what the piece is for.</summary>
    private string? Rule(Atom original, Atom patched) => (original.Class, patched.Class) switch
    {
        (SectionClass.ModuleInfo, SectionClass.ModuleInfo) => "module information is read when the module is loaded",
        (SectionClass.PrintkIndex, SectionClass.PrintkIndex) => "the index of messages is not read by anything that runs",
        (SectionClass.Once, SectionClass.Once) or (SectionClass.DynamicDebug, SectionClass.DynamicDebug) =>
            "each use of the macro has its own",
        _ when _look.IsSameButNames(original, patched) => "a name came or went, or became visible to other files or ceased to be",
        _ => IsFiller(original, patched) ? "only the filler behind it differs"
            : IsFormOfBranches(original, patched) ? "only the length of its branches to its neighbours, and the filler behind it, differ" : null,
    };

    /// <summary>Branches to functions of the same section are short or long depending on what lies between; see <see cref="WideForm"/>.</summary>
    private bool IsFormOfBranches(Atom original, Atom patched)
    {
        if (_changes.Of(patched).Kind != ChangeKind.Same || (original.Wide is null && patched.Wide is null))
        {
            return false;
        }

        var (left, right) = (Form(original), Form(patched));
        return left.AsSpan().SequenceEqual(right)
            && (original.Wide?.References ?? original.References).Select(static reference => reference.Offset)
                .SequenceEqual((patched.Wide?.References ?? patched.References).Select(static reference => reference.Offset));

        byte[] Form(Atom atom)
        {
            var bytes = atom.Wide?.Bytes ?? atom.Bytes.ToArray();
            return bytes[..^_pair.Patched.Architecture.Instructions.PaddingBytes(bytes)];
        }
    }

    /// <summary>In a shared section the filler up to the next function or variable is the next one's alignment.</summary>
    private bool IsFiller(Atom original, Atom patched)
    {
        if (original.NamedSize is not { } size || patched.NamedSize != size || _changes.Of(patched).Kind != ChangeKind.Same
            || !original.Bytes[..(int)Math.Min(size,
                (ulong)original.Bytes.Length)].SequenceEqual(patched.Bytes[..(int)Math.Min(size, (ulong)patched.Bytes.Length)])
            || original.References.Count != patched.References.Count)
        {
            return false;
        }

        return Behind(original, size) && Behind(patched, size);

        bool Behind(Atom atom, ulong from) => atom.Bytes.IsEmpty
            || _pair.Patched.Architecture.Instructions.IsFiller(atom.Bytes[(int)from..], atom.Section.IsCode);
    }

    /// <summary>What is on one side only, and goes nowhere.</summary>
    private void Alone(Atom atom, bool isPatched)
    {
        var side = isPatched ? _pair.Patched : _pair.Original;
        var word = isPatched ? "it is new" : "it is gone";
        switch (atom.Class)
        {
            case SectionClass.ModuleInfo or SectionClass.PrintkIndex or SectionClass.Once or SectionClass.DynamicDebug:
                Add(ClaimKind.Forgiven, isPatched, atom, $"{word}; nothing that runs reads it");
                break;
            case SectionClass.Export when !ExportNames.IsExport(atom)
                && !(isPatched && atom.Section.Name.StartsWith("___k", StringComparison.Ordinal)):
                Add(ClaimKind.ByUse, isPatched, atom, "it is part of an export, whose entry is compared");
                break;
            case SectionClass.Code or SectionClass.RestrictedCode or SectionClass.Init when atom.Kind == AtomKind.Function
                && atom.Symbol is not null:
                Add(ClaimKind.Unused, isPatched, atom, isPatched ? "it is new, and nothing that is copied refers to it"
                    : "it is gone, and what called it is replaced");
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData or SectionClass.PerCpu or SectionClass.Init
                when PlainSections.Contains(atom.Section.Name):
                Add(ClaimKind.Unused, isPatched, atom, isPatched ? "it is new, and nothing that is copied refers to it"
                    : "it is gone, and what used it is replaced");
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData when side.ReferrersOf(atom).Count > 0:
                Add(ClaimKind.ByUse, isPatched, atom, "it is compared where something refers to it");
                break;
            default:
                OrReported(atom, isPatched, $"{word}, and the kernel may read {atom.Section.Name} as a table");
                break;
        }
    }

    private void OrReported(Atom atom, bool isPatched, string reason)
    {
        var isReported = atom.Symbols.Any(symbol => _reported.Contains(symbol.Name)) || _reported.Contains(atom.Name)
            || (atom.Symbol is null && _reported.Contains(atom.Section.Name));
        Add(isReported ? ClaimKind.Reported : ClaimKind.Unclaimed, isPatched, atom, reason);
    }

    private static bool IsOwnerless(Atom atom, KernelObject side) =>
        atom.Kind == AtomKind.Attachment && ByUse(atom, side) is null;

    /// <summary>Symbols that are numbers: what other objects get by such a name was filled in when the kernel was linked.</summary>
    private void Absolute()
    {
        var (before, after) = (Numbers(_pair.Original), Numbers(_pair.Patched));
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            ulong? old = before.TryGetValue(name, out var value) ? value : null;
            ulong? now = after.TryGetValue(name, out var other) ? other : null;
            _claims.Add(new Claim(
                old == now ? ClaimKind.Same : _reported.Contains(name) ? ClaimKind.Reported : ClaimKind.Unclaimed,
                now is not null, null, null, name,
                old == now ? "the same number" : now is null ? "it is a number that the linker gives to others, and is gone"
                    : old is null ? "it is a number that the linker gives to others, and is new"
                    : $"it is a number that the linker gives to others: it was 0x{old:x} and becomes 0x{now:x}"));
        }

        // The checksum of an exported prototype is compared as the prototype.
        static Dictionary<string, ulong> Numbers(KernelObject side) => side.Elf.Symbols
            .Where(static symbol => symbol is { IsAbsolute: true, Binding: not ElfSymbolBinding.Local })
            .Where(static symbol => !symbol.Name.StartsWith("__crc_", StringComparison.Ordinal))
            .DistinctBy(static symbol => symbol.Name)
            .ToDictionary(static symbol => symbol.Name, static symbol => symbol.Value, StringComparer.Ordinal);
    }

    /// <summary>Table entries and replacement code that belong to nothing this tool knows of: they must be the same, one by one.</summary>
    private void Ownerless()
    {
        var before = _pair.Original.Atoms.Where(atom => IsOwnerless(atom, _pair.Original))
            .ToLookup(static atom => atom.Section.Name, StringComparer.Ordinal);
        var after = _pair.Patched.Atoms.Where(atom => IsOwnerless(atom, _pair.Patched) && !_selection.Contains(atom))
            .ToLookup(static atom => atom.Section.Name, StringComparer.Ordinal);
        foreach (var name in before.Select(static group => group.Key).Union(after.Select(static group => group.Key)))
        {
            var (old, now) = (before[name].ToList(), after[name].ToList());
            for (var index = 0; index < now.Count; index++)
            {
                var difference = index < old.Count ? _look.Difference(old[index], now[index]) : "it is new";
                if (difference is null)
                {
                    Add(ClaimKind.Same, true, now[index], "the same, in the same order");
                }
                else
                {
                    OrReported(now[index], true, $"it belongs to no function, and {difference}");
                }
            }

            foreach (var gone in old.Skip(now.Count))
            {
                OrReported(gone, false, "it belongs to no function, and is gone");
            }
        }
    }
}

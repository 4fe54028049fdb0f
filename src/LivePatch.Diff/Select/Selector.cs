using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Select;

/// <summary>
/// Chooses what is copied into the livepatch module: the changed functions, what is new and wanted, and whatever
/// those refer to that the running kernel does not have. Everything the running kernel has and the patch left alone
/// stays there and is referred to; a copy of a variable would be another variable.
///
/// It is a closure over references from the roots. An entry of a special table comes along iff its function does, so a
/// table is never a reason to copy a function.
/// </summary>
public sealed class Selector
{
    /// <summary>Compilers fold "table[i - 3]" into an address before the table; that much outside is no mistake.</summary>
    private const long FoldedIndex = 4096;

    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map;
    private readonly ChangeSet _changes;
    private readonly StaticKeyRule _keys;
    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<Atom, InclusionReason> _included = [];
    private readonly Queue<Atom> _queue = new();

    private Selector(ObjectPair pair, CorrelationMap map, ChangeSet changes, StaticKeyRule keys, DiagnosticBag diagnostics)
    {
        _pair = pair;
        _map = map;
        _changes = changes;
        _keys = keys;
        _diagnostics = diagnostics;
    }

    /// <summary>Selects; refusals about what had to be selected go to <paramref name="diagnostics"/>.</summary>
    /// <param name="pair">The objects.</param>
    /// <param name="map">Their correlation.</param>
    /// <param name="changes">What the patch did.</param>
    /// <param name="isModule">True when the object is part of a module, false for vmlinux.</param>
    /// <param name="owners">Who defines what the object leaves undefined.</param>
    /// <param name="diagnostics">Receives refusals and notes.</param>
    public static Selection Select(
        ObjectPair pair, CorrelationMap map, ChangeSet changes, bool isModule, ISymbolOwners owners, DiagnosticBag diagnostics)
    {
        var keys = new StaticKeyRule(pair.Patched, map, isModule, owners, diagnostics);
        return new Selector(pair, map, changes, keys, diagnostics).Run();
    }

    private Selection Run()
    {
        AddRoots();
        while (_queue.TryDequeue(out var atom))
        {
            Follow(atom);
        }

        var replaced = _included.Keys
            .Where(atom => atom.Kind == AtomKind.Function && atom.Class == SectionClass.Code && !SymbolName.IsCold(atom.Name)
                && _changes.Of(atom).Kind == ChangeKind.Changed && _map.OriginalOf(atom)?.FtraceSite is not null)
            .OrderBy(static atom => atom.Index)
            .Select(atom => (_map.OriginalOf(atom)!, atom))
            .ToList();
        var added = _included.Keys
            .Where(atom => atom.Kind == AtomKind.Function && !SymbolName.IsCold(atom.Name) && _changes.Of(atom).Kind == ChangeKind.New)
            .OrderBy(static atom => atom.Index)
            .ToList();
        foreach (var atom in _included.Keys.OrderBy(static atom => atom.Index))
        {
            CheckIncluded(atom);
        }

        foreach (var change in _changes.Changes.Where(
            change => _changes.IsCopiedConstant(change.Patched) && !_included.ContainsKey(change.Patched)))
        {
            _diagnostics.Add(DiffDiagnostics.UnreadConstant.At(
                Place(change.Patched),
                $"It changed ({change.Reason}), and no function that goes into the module reads it: those that do have run or are left "
                    + $"out."));
        }

        return new Selection(_included, replaced, added);
    }

    private void AddRoots()
    {
        foreach (var change in _changes.Changes)
        {
            var atom = change.Patched;
            if (change.Kind == ChangeKind.Changed && atom.Kind == AtomKind.Function && atom.Class == SectionClass.Code)
            {
                Include(atom, null, change.Reason ?? "it changed");
            }
            else if (change.Kind == ChangeKind.New
                && atom.Symbols.Any(static symbol => symbol.Binding == Elf.ElfSymbolBinding.Global)
                && atom.Class is SectionClass.Code or SectionClass.Data or SectionClass.ReadOnlyData)
            {
                Include(atom, null, "it is new and visible to other files");
            }
        }
    }

    private void Include(Atom atom, Atom? from, string reason)
    {
        if (_included.TryAdd(atom, new InclusionReason(from, reason)))
        {
            _queue.Enqueue(atom);
        }
    }

    private void Follow(Atom atom)
    {
        foreach (var reference in atom.References)
        {
            FollowReference(atom, reference);
        }

        foreach (var entry in atom.Attachments)
        {
            var special = _pair.Patched.Catalog.Find(entry.Section.Name)!;
            if (!_keys.Keeps(atom, entry, special))
            {
                continue;
            }

            Include(entry, atom, $"it is the entry of {atom.Name} in {special.Name}");
            if (special.Companion is not null)
            {
                IncludeCompanion(entry, special);
            }
        }

        foreach (var part in atom.Parts.Where(static part => SymbolName.IsCold(part.Name)))
        {
            Include(part, atom, $"it is the cold part of {atom.Name}");
        }
    }

    private void IncludeCompanion(Atom entry, SpecialSection special)
    {
        var index = entry.Index - _pair.Patched.AtomsOf(entry.Section)[0].Index;
        if (_pair.Patched.Elf.FindSection(special.Companion!) is { } section && index < _pair.Patched.AtomsOf(section).Count)
        {
            Include(_pair.Patched.AtomsOf(section)[index], entry, $"it is the unwind entry of {entry.Name}");
        }
    }

    private void FollowReference(Atom from, in Reference reference)
    {
        if (reference.Target is not { } target || target == from || target.Kind == AtomKind.Literals)
        {
            return;
        }

        if (target.Kind is AtomKind.Attachment or AtomKind.Anonymous)
        {
            Include(target, from, $"{from.Name} refers to it and it has no name in the running kernel");
            return;
        }

        var change = _changes.Of(target);
        if (_map.OriginalOf(target) is null)
        {
            Include(target, from, change.Kind == ChangeKind.New
                ? $"{from.Name} refers to it and the running kernel does not have it"
                : $"{from.Name} refers to it and every use has its own");
        }
        else if (target.Kind == AtomKind.Object && _changes.IsCopiedConstant(target))
        {
            Include(target, from, $"{from.Name} reads the new value");
        }
        else if (target.Kind == AtomKind.Function && SymbolName.IsCold(from.Name) && from.Parent == target)
        {
            Include(target, from, $"its cold part {from.Name} is replaced");
        }
        else if (target.Class == SectionClass.Init && from.Kind is AtomKind.Function or AtomKind.Object or AtomKind.Anonymous
            && from.Class is not SectionClass.Init)
        {
            // Table entries lead to what their function leads to, which is said of the function.
            _diagnostics.Add(DiffRefusals.ChangedInit.At(
                Place(from) with { Offset = reference.Offset },
                $"The patched {(from.Kind == AtomKind.Function ? "function refers" : "data refer")} to {target.Name} in "
                    + $"{target.Section.Name}, which is gone after boot."));
        }
    }

    /// <summary>A pointer to a running function whose address nobody took before: see <see cref="DiffDiagnostics.SealedTarget"/>.</summary>
    private void CheckPointer(Atom from, in Reference reference)
    {
        if (reference.Target is not { Kind: AtomKind.Function, Symbol: { } symbol } function || _included.ContainsKey(function)
            || reference.TargetOffset != (long)(symbol.Value - function.Start) || !_pair.Patched.IsPointer(from, reference)
            || _map.OriginalOf(function) is not { Symbol: { } running } original)
        {
            return;
        }

        var pad = _pair.Patched.Architecture.Entry.LandingPad.Span;
        if (pad.IsEmpty || !original.Bytes[(int)(running.Value - original.Start)..].StartsWith(pad) || IsExported(original)
            || _pair.Original.ReferrersOf(original).Any(use => _pair.Original.IsPointer(use.From, use.Reference)))
        {
            return;
        }

        _diagnostics.Add(DiffDiagnostics.SealedTarget.At(
            DiagnosticLocation.InSymbol(
                _pair.Patched.Name,
                from.Name,
                reference.Offset), $"It takes the address of {function.Name}, which the original object only calls."));
    }

    private bool IsExported(Atom function) =>
        _pair.Original.ReferrersOf(function).Any(static use => use.From.Class == SectionClass.Export);

    private DiagnosticLocation Place(Atom atom) => atom.Symbol is null
        ? DiagnosticLocation.InSection(_pair.Patched.Name, atom.Section.Name)
        : DiagnosticLocation.InSymbol(_pair.Patched.Name, atom.Name);

    /// <summary>Writable data without a name (labels of inline assembly) that the running kernel has too: only a name could lead to
    /// it.</summary>
    private void CheckNameless(Atom atom)
    {
        if (atom is { Kind: AtomKind.Anonymous, Class: SectionClass.Data } && !IsCompilers(atom.Section.Name)
            && _pair.Original.Elf.Sections.Any(section => _pair.Original.ClassOf(section) == SectionClass.Data
                && SymbolName.Family(section.Name) == SymbolName.Family(atom.Section.Name)
                    && _pair.Original.AtomsOf(section).Any(static old => old.Kind == AtomKind.Anonymous)))
        {
            var user = _included[atom].From is { } from ? $"{from.Name} uses" : "Patched code uses";
            _diagnostics.Add(DiffRefusals.NamelessData.At(
                Place(atom),
                $"{user} writable data there that has no name. The running kernel's cannot be referred to, and a copy would start "
                    + $"afresh."));
        }
    }

    /// <summary>What compilers make without a name: data for the sanitizer, and constants that only need relocating.</summary>
    private static bool IsCompilers(string section) =>
        section.Contains("..L", StringComparison.Ordinal) || section.Contains("__unnamed_", StringComparison.Ordinal)
        || section.StartsWith(".data.rel.ro", StringComparison.Ordinal) || section.StartsWith(".data.rel.local", StringComparison.Ordinal);

    private void CheckIncluded(Atom atom)
    {
        var place = DiagnosticLocation.InSymbol(_pair.Patched.Name, atom.Name);
        CheckNameless(atom);
        if ((atom.Section.Flags & Elf.Native.ElfConstants.ShfGroup) != 0)
        {
            _diagnostics.Add(
                DiffRefusals.SectionGroup.At(
                    place, $"It is in {atom.Section.Name}, a member of a section group, which the linker may merge with another copy."));
        }

        if (_map.OriginalOf(atom) is null && atom.Class == SectionClass.PerCpu)
        {
            _diagnostics.Add(
                DiffRefusals.NewPerCpu.At(
                    place,
                    "Modules get their per-cpu memory only from a section of their own, and this one is placed by the livepatch's "
                        + "loader at another size."));
        }

        if (_map.OriginalOf(atom) is null && atom.Class == SectionClass.Init && atom.Kind is AtomKind.Function or AtomKind.Object
            && atom.Class == SectionClass.Init)
        {
            _diagnostics.Add(DiffRefusals.ChangedInit.At(place, $"It is new, in {atom.Section.Name}, and used by code that stays."));
        }

        if (atom.IsStaticLocal && _map.OriginalOf(atom) is null && atom.Class is SectionClass.Data or SectionClass.Once)
        {
            _diagnostics.Add(
                DiffDiagnostics.NewStaticLocal.At(
                    place, "No variable of the running kernel corresponds to it; it starts at its initial value."));
        }

        foreach (var reference in atom.References)
        {
            CheckPointer(atom, reference);
            if (reference.Target is { Kind: AtomKind.Object } variable
                && (reference.TargetOffset > (long)variable.Size + FoldedIndex || reference.TargetOffset < -FoldedIndex))
            {
                _diagnostics.Add(DiffRefusals.OutOfRange.At(
                    place with { Offset = reference.Offset },
                    $"It refers to byte {reference.TargetOffset} of {variable.Name}, which has {variable.Size} bytes."));
            }

            if (!_pair.Patched.Architecture.Relocations.IsLoadable(reference.Relocation.Type))
            {
                _diagnostics.Add(DiffRefusals.Relocation.At(
                    place with { Offset = reference.Offset },
                    $"The kernel's module loader does not take "
                        + $"{_pair.Patched.Architecture.Relocations.Find(reference.Relocation.Type)?.Name ?? "relocation type " + reference.Relocation.Type}."));
            }
        }
    }
}

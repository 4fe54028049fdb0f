using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Special;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Extract;

/// <summary>
/// Copies the selected atoms into a new relocatable object and turns every reference into one that works in a
/// module: to another copied atom, to an export, or to a symbol that the livepatch core resolves.
///
/// Code and named data keep a section each; table entries, out-of-line code and literals are packed into one section
/// per name, since the module loader finds tables by their names. Replaced functions become local, so that nothing else
/// in the module binds to a copy by accident; the module's source refers to them through global aliases.
///
/// A pointer to a replaced function is not a call: it may be stored and outlive the livepatch, and it may be
/// compared. It gets the running function's address, where ftrace redirects; only direct calls and jumps go straight to
/// the new code.
/// </summary>
public sealed partial class ObjectExtractor
{
    private readonly DiffResult _diff;
    private readonly ObjectPair _pair;
    private readonly string _objectName;
    private readonly string _sourceObject;
    private readonly ISymbolResolver _resolver;
    private readonly DiagnosticBag _diagnostics;
    private readonly ElfObjectBuilder _builder;
    private readonly Dictionary<string, OutputSection> _shared = new(StringComparer.Ordinal);
    private readonly List<OutputSection> _sections = [];
    private readonly Dictionary<Atom, (OutputSection Section, ulong Offset)> _places = [];
    private readonly Dictionary<Atom, ElfSymbolDraft> _symbols = [];
    private readonly Dictionary<string, ElfSymbolDraft> _outside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (OutputSection Section, ulong Offset)> _literals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SymbolResolution.Klp> _klpSymbols = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _namespaces = new(StringComparer.Ordinal);
    private readonly HashSet<Atom> _replaced;
    private readonly Func<string, string?>? _linkName;

    private ObjectExtractor(
        DiffResult diff, string objectName, string sourceObject, ISymbolResolver resolver, DiagnosticBag diagnostics,
        Func<string, string?>? linkName)
    {
        _linkName = linkName;
        _diff = diff;
        _pair = diff.Pair!;
        _objectName = objectName;
        _sourceObject = sourceObject;
        _resolver = resolver;
        _diagnostics = diagnostics;
        _builder = new ElfObjectBuilder(_pair.Patched.Architecture.Machine, _pair.Patched.Elf.Header.Order);
        _replaced = [.. diff.Selection.Replaced.Select(static pair => pair.Patched)];
    }

    /// <summary>Extracts what a comparison selected.</summary>
    /// <param name="diff">The comparison; it must have no fatal diagnostic and select something.</param>
    /// <param name="objectName">"vmlinux" or the module that is patched.</param>
    /// <param name="sourceObject">The object's path in the kernel tree.</param>
    /// <param name="prefix">Start of the global aliases' names, a C identifier unique to this object in the module.</param>
    /// <param name="resolver">The target kernel's symbols.</param>
    /// <param name="diagnostics">Receives what cannot be resolved; all of it, not only the first.</param>
    /// <param name="linkName">For a module of several objects: the global name under which the other objects reach a new
    /// symbol of this one, null for a symbol that none of them uses. New symbols are local then, as equal names in several
    /// objects must not meet. Without it, new global symbols stay global.</param>
    /// <returns>The object; null when a fatal diagnostic was added.</returns>
    public static ExtractedObject? TryExtract(
        DiffResult diff,
        string objectName,
        string sourceObject,
        string prefix,
        ISymbolResolver resolver,
        DiagnosticBag diagnostics,
        Func<string, string?>? linkName = null)
    {
        var fatalBefore = diagnostics.Count(static item => item.IsFatal);
        var result = new ObjectExtractor(diff, objectName, sourceObject, resolver, diagnostics, linkName).Extract(prefix);
        if (diagnostics.Count(static item => item.IsFatal) == fatalBefore)
        {
            ExtractedObjectVerifier.Verify(result, diff.Pair!.Patched.Architecture, diff.Pair.Patched.Catalog, null, diagnostics);
        }

        return diagnostics.Count(static item => item.IsFatal) == fatalBefore ? result : null;
    }

    private ExtractedObject Extract(string prefix)
    {
        var file = _builder.AddSymbol(Path.GetFileNameWithoutExtension(_sourceObject) + ".c");
        file.Type = ElfSymbolType.File;
        file.ReservedIndex = ElfConstants.ShnAbs;

        var hosted = Hosted();
        var guests = hosted.SelectMany(static group => group).ToHashSet();
        var hostedParts = guests.SelectMany(static guest => guest.Parts).ToHashSet();
        foreach (var atom in _diff.Selection.Atoms.Where(atom => !guests.Contains(atom)))
        {
            var (section, alignment) = OutputFor(atom);
            AddSymbols(atom, section, Place(atom, section, alignment), hostedParts.Contains(atom));
            foreach (var guest in hosted[atom])
            {
                section.Draft.Alignment = Math.Max(section.Draft.Alignment, guest.Section.Alignment);
                AddHosted(guest, section, Place(guest, section, guest.Section.Alignment));
            }
        }

        var replaced = AddAliases(prefix);
        foreach (var atom in _diff.Selection.Atoms)
        {
            Relocate(atom);
        }

        AddFtraceSites();
        AddUnwindEntriesOfStubs();
        AddAnnotations();
        var constants = RuntimeConstants();
        foreach (var section in _sections)
        {
            section.Finish(_builder);
        }

        AddStackNote();
        return new ExtractedObject(
            _objectName,
            _sourceObject,
            _builder.ToArray(),
            replaced,
            _diff.New,
            [.. _klpSymbols.Values],
            [.. _namespaces])
        {
            Shared = SharedSymbols(),
            RuntimeConstants = constants,
            SiblingUses = [.. _siblingUses.Select(static use => use.LinkName).Distinct()],
        };
    }

    /// <summary>Copies an atom into a section and tells its offset there.</summary>
    private ulong Place(Atom atom, OutputSection section, ulong alignment)
    {
        var bytes = atom.Bytes;
        byte[]? changed = null;
        if (atom is { Kind: AtomKind.Function, FtraceSite: { } site } && atom.References.Any(reference => IsCutCall(reference, site)))
        {
            changed = bytes.ToArray();
            if (_pair.Patched.Architecture.Entry.RestoreCall(changed, site) is null)
            {
                _diagnostics.Add(DiffDiagnostics.CannotDecode.At(
                    DiagnosticLocation.InSymbol(
                        _pair.Patched.Name, atom.Name, site), "The tracer's call site is neither a call nor the nop of its size."));
            }
        }

        foreach (var (place, keyAddend) in BranchesLeftOut(atom))
        {
            changed ??= bytes.ToArray();
            if (_pair.Patched.Architecture.Branches.TurnOffBranch(changed.AsSpan((int)place), keyAddend) is > 0 and var width)
            {
                _turnedOff.Add((atom, place, place + (ulong)width));
            }
        }

        return PlaceWithStubs(atom, section, changed ?? bytes, alignment);
    }

    /// <summary>Bytes of static branches whose entry is left out, and that are no-ops for good.</summary>
    private readonly List<(Atom Atom, ulong Start, ulong End)> _turnedOff = [];

    /// <summary>Static branches of a function whose entry in the table does not go along: nobody would turn the jump off that stands for a
    /// no-op until the link.</summary>
    private IEnumerable<(ulong Place, long KeyAddend)> BranchesLeftOut(Atom atom)
    {
        foreach (var entry in atom.Attachments.Where(entry => !_diff.Selection.Contains(entry)))
        {
            if (_pair.Patched.Catalog.Find(entry.Section.Name) is { Rule: SpecialSectionRule.JumpLabel } special)
            {
                var owner = entry.References.FirstOrDefault(reference => reference.Offset == (ulong)special.OwnerOffset);
                var key = entry.References.FirstOrDefault(reference => reference.Offset == (ulong)special.KeyOffset);
                if (owner.Target == atom && key.Relocation.Symbol is not null && owner.TargetOffset >= 0
                    && (ulong)owner.TargetOffset < atom.Size)
                {
                    yield return ((ulong)owner.TargetOffset, key.Relocation.Addend);
                }
            }
        }
    }

    /// <summary>
    /// Functions that are reached only through their callers, by the caller they are placed behind.
    ///
    /// Before it lets a livepatch go, the kernel looks on every stack for its replaced functions, each of which reaches to the next
    /// symbol (klp_init_object_loaded and klp_check_stack_func, kernel/livepatch, Linux 6.1). A caller that ends in a jump is
    /// not on the stack while the function it jumped to sleeps. Without a symbol of its own behind a caller, that
    /// function is part of what the kernel looks for.
    ///
    /// objtool knows code by its symbols only, so each gets one until the module is linked (<see cref="LinkTimeSymbol"/>).
    /// </summary>
    private ILookup<Atom, Atom> Hosted() =>
        _diff.Changes!.ThroughCallers
            .Where(item => _diff.Selection.Contains(item.Key))
            .SelectMany(item => item.Value.Where(_replaced.Contains).Take(1), static (item, host) => (Host: host, Guest: item.Key))
            .OrderBy(static item => item.Guest.Name, StringComparer.Ordinal)
            .ThenBy(static item => item.Guest.Index)
            .ToLookup(static item => item.Host, static item => item.Guest);

    private void AddHosted(Atom guest, OutputSection section, ulong offset)
    {
        var symbol = _builder.AddSymbol(LinkTimeSymbol.ForHosted(guest.Name));
        symbol.Value = offset + guest.EntryOffset;
        symbol.Size = guest.Symbol?.Size ?? guest.Size;
        symbol.Type = ElfSymbolType.Function;
        symbol.Binding = ElfSymbolBinding.Local;
        symbol.Section = section.Draft;
        _symbols.TryAdd(guest, symbol);
    }

    /// <summary>True for what is left of a call of the tracer that was made a nop at build time.</summary>
    private bool IsCutCall(in Reference reference, ulong site) =>
        _pair.Patched.Architecture.Relocations.IsNothing(reference.Relocation.Type)
            && _pair.Patched.Architecture.Entry.IsAtSite(reference.Offset, site);

    private (OutputSection Section, ulong Alignment) OutputFor(Atom atom)
    {
        var source = atom.Section;
        switch (atom.Class)
        {
            case SectionClass.SpecialTable or SectionClass.OutOfLineCode or SectionClass.DynamicDebug:
                // Entries are packed; the section's own alignment holds for its start and, for structures, divides their size.
                var shared = Shared(source.Name, source.Type, source.Flags, source.Alignment, source.EntrySize);
                return (shared, atom.Class == SectionClass.DynamicDebug ? source.Alignment : 1);
            default:
                var whole = _pair.Patched.AtomsOf(source).Count == 1;
                var name = whole ? source.Name : OwnSectionName(atom);
                var section =
                    NewSection(
                        name,
                        source.Type,
                        source.Flags & ~(ElfConstants.ShfGroup | ElfConstants.ShfLinkOrder),
                        source.Alignment,
                        source.EntrySize);
                return (section, source.Alignment);
        }
    }

    /// <summary>The one code section that has a meaning in modules too (find_module_sections, kernel/module, Linux 5.10 to 6.12).</summary>
    private const string ProbesForbidden = ".kprobes.text";

    private static string OwnSectionName(Atom atom) => atom.Class switch
    {
        // The module loader keeps probes out of a section of this name.
        SectionClass.Code when atom.Section.Name == ProbesForbidden => ProbesForbidden,
        SectionClass.Code => ".text." + atom.Name,
        SectionClass.ReadOnlyData => ".rodata." + atom.Name,
        _ => atom.Section.Type == ElfConstants.ShtNobits ? ".bss." + atom.Name : ".data." + atom.Name,
    };

    private OutputSection Shared(string name, uint type, ulong flags, ulong alignment, ulong entrySize)
    {
        if (!_shared.TryGetValue(name, out var section))
        {
            section = NewSection(name, type, flags & ~(ElfConstants.ShfGroup | ElfConstants.ShfLinkOrder), alignment, entrySize);
            _shared.Add(name, section);
        }

        return section;
    }

    private OutputSection NewSection(string name, uint type, ulong flags, ulong alignment, ulong entrySize)
    {
        var draft = _builder.AddSection(name, type);
        draft.Flags = flags;
        draft.Alignment = alignment;
        draft.EntrySize = entrySize;
        var section = new OutputSection(draft);
        _sections.Add(section);
        return section;
    }

    private void AddSymbols(Atom atom, OutputSection section, ulong offset, bool isHostedPart)
    {
        if (atom.Kind is not (AtomKind.Function or AtomKind.Object))
        {
            return;
        }

        // A replaced function and its other names stay inside; what is new and global is for the other objects of the module.
        var isNew = _diff.Changes!.Of(atom).Kind == ChangeKind.New;
        foreach (var symbol in atom.Symbols)
        {
            var draft = _builder.AddSymbol(isHostedPart ? LinkTimeSymbol.ForHosted(symbol.Name) : symbol.Name);
            draft.Value = offset + symbol.Value - atom.Start;
            draft.Size = SizeWithStubs(atom, symbol);
            draft.Type = symbol.Type;
            draft.Binding = isNew && _linkName is null ? symbol.Binding : ElfSymbolBinding.Local;
            draft.Section = section.Draft;
            _symbols.TryAdd(atom, draft);
            if (isNew && symbol.Binding != ElfSymbolBinding.Local && _linkName?.Invoke(symbol.Name) is { } linkName)
            {
                AddShared(atom, draft, linkName);
            }
        }
    }

    private List<ReplacedFunction> AddAliases(string prefix)
    {
        var result = new List<ReplacedFunction>();
        foreach (var (original, patched) in _diff.Selection.Replaced)
        {
            var place = DiagnosticLocation.InSymbol(_pair.Patched.Name, patched.Name);
            var symbol = original.Symbol!;
            var request = new SymbolRequest(symbol.Name, symbol.Binding == ElfSymbolBinding.Local, false, original, place);
            if (_resolver.Locate(request, _diagnostics) is not { } found)
            {
                continue;
            }

            var (section, offset) = _places[patched];
            var alias = _builder.AddSymbol(LinkTimeSymbol.ForAlias(prefix, result.Count, patched.Name));
            alias.Value = offset + patched.Symbol!.Value - patched.Start;
            alias.Size = SizeWithStubs(patched, patched.Symbol);
            alias.Type = ElfSymbolType.Function;
            alias.Binding = ElfSymbolBinding.Global;
            alias.Section = section.Draft;
            result.Add(new ReplacedFunction(found.ObjectName, found.Name, found.Sympos, patched.Name, alias.Name));
        }

        return result;
    }

    /// <summary>Without this note the linker would ask for an executable stack.</summary>
    private void AddStackNote() => _builder.AddSection(".note.GNU-stack", ElfConstants.ShtProgbits);
}

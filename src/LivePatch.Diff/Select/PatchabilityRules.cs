using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Compare;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.Diff.Select;

/// <summary>
/// Refuses changes that a livepatch cannot bring about. All of them are reported in one run: an author who has to
/// fix them one build at a time gives up. Each rule looks at one atom and its change; none depends on another's verdict.
/// </summary>
internal sealed class PatchabilityRules(ObjectPair pair, ChangeSet changes, DiffOptions options, DiagnosticBag diagnostics)
{
    private readonly HashSet<Atom> _ignored = [.. changes.Ignored.Select(static item => item.Patched)];

    public void Check()
    {
        foreach (var change in changes.Changes)
        {
            if (change.Kind == ChangeKind.New)
            {
                CheckNew(change);
            }
            else if (change.Kind == ChangeKind.Changed)
            {
                CheckChanged(change);
            }

            if (change.Original is { } original && !_ignored.Contains(change.Patched))
            {
                CheckPlacement(original, change.Patched);
                if (change.Patched.Kind == AtomKind.Object && original.Kind == AtomKind.Object)
                {
                    CheckHeader(original, change.Patched);
                }
            }
        }

        CheckSharedAlignment();
    }

    private void CheckNew(AtomChange change)
    {
        var atom = change.Patched;
        switch (atom.Class)
        {
            case SectionClass.Export when ExportNames.IsExport(atom) && atom.Kind == AtomKind.Object:
                Refuse(
                    DiffRefusals.NewExport,
                    atom,
                    $"The patch exports {ExportNames.Exported(atom)}, and the running kernel's table of exports is fixed.");
                break;
            case SectionClass.Tracepoint when atom.Kind == AtomKind.Object && !atom.Name.StartsWith("__tpstrtab", StringComparison.Ordinal):
                Refuse(
                    DiffRefusals.NewTracepoint, atom, $"It is a new entry of {atom.Section.Name}, which the kernel reads when it boots.");
                break;
            case SectionClass.Initcall:
                Refuse(DiffRefusals.Initcall, atom, "The patch adds an initcall, and those have run.");
                break;
            case SectionClass.Parameter when atom.Kind == AtomKind.Object:
                Refuse(DiffRefusals.Initcall, atom, "The patch adds a parameter, and those were read at load.");
                break;
            case SectionClass.ReadOnlyData or SectionClass.Data when atom.Section.Name == ".BTF_ids":
                Refuse(DiffRefusals.BtfIds, atom, "The patch adds it, and only the kernel's own build can write type ids into it.");
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData when CollectedTables.Contains(atom):
                Refuse(
                    DiffRefusals.ChangedSection,
                    atom,
                    $"It is a new entry of {atom.Section.Name}, and nothing reads a livepatch module's.");
                break;
            case SectionClass.Code when atom.Symbol is null:
            case SectionClass.RestrictedCode:
                Refuse(DiffRefusals.ChangedEntryCode, atom, $"The patch adds code to {atom.Section.Name}.");
                break;
            case SectionClass.Code or SectionClass.Data or SectionClass.ReadOnlyData or SectionClass.PerCpu:
                CheckWeak(atom);
                break;
        }
    }

    /// <summary>A weak definition the patch adds although the object used one of another object before: that one is not weak and goes on
    /// being used.</summary>
    private void CheckWeak(Atom atom)
    {
        foreach (var symbol in atom.Symbols.Where(static symbol => symbol.Binding == ElfSymbolBinding.Weak))
        {
            if (pair.Original.Elf.FindSymbols(symbol.Name)
                .Any(static before => before is { Section: null, Binding: ElfSymbolBinding.Global }))
            {
                Refuse(
                    DiffRefusals.WeakOverridden,
                    atom,
                    $"{symbol.Name} is weak here, and the original object refers to the definition of another object: that overrides it.");
            }
        }
    }

    private void CheckChanged(AtomChange change)
    {
        var (atom, original) = (change.Patched, change.Original!);
        if (atom.Kind != original.Kind && atom.Symbol is not null)
        {
            Refuse(DiffRefusals.SymbolKind, atom, $"It was a {Word(original)} and becomes a {Word(atom)}.");
            return;
        }

        switch (atom.Class)
        {
            case SectionClass.Init when !options.IsModule && original.Class == SectionClass.Init
                && (changes.Reached.Contains(atom) || new InitRule(pair, options.MovedLines).IsUntouched(original, atom)):
                diagnostics.Add(DiffDiagnostics.BootCode.At(
                    DiagnosticLocation.InSymbol(
                        pair.Patched.Name,
                        atom.Name), $"It has run and is gone, and the patch changes nothing in it itself: {change.Reason}."));
                break;
            case SectionClass.Init:
                Refuse(
                    DiffRefusals.ChangedInit,
                    atom,
                    $"It is in {atom.Section.Name}, which "
                        + $"{(atom.Section.Name.StartsWith(".exit", StringComparison.Ordinal) || atom.Section.Name.StartsWith(".memexit", StringComparison.Ordinal) ? "runs when the module goes" : "has run when a livepatch comes and is gone from memory, so that the change would do nothing")}: {change.Reason}.",
                    change.Offset);
                break;
            case SectionClass.Initcall:
            case SectionClass.Parameter:
                Refuse(DiffRefusals.Initcall, atom, $"It was read at boot or load: {change.Reason}.");
                break;
            case SectionClass.Export when !ExportNames.IsExport(atom) && original.Section.Name != atom.Section.Name:
                // The checksum and the strings move along with the export, which is reported itself.
                break;
            case SectionClass.Export:
                Refuse(DiffRefusals.NewExport, atom, $"The export changed: {change.Reason}.");
                break;
            case SectionClass.Tracepoint:
                Refuse(DiffRefusals.NewTracepoint, atom, $"It was registered at boot or load: {change.Reason}.");
                break;
            case SectionClass.RestrictedCode:
                Refuse(
                    DiffRefusals.NoFentry,
                    atom,
                    $"It is in {atom.Section.Name}, which must not be traced: {change.Reason}.",
                    change.Offset);
                break;
            case SectionClass.Code:
                CheckFunction(change);
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData when CollectedTables.Contains(atom):
                Refuse(
                    DiffRefusals.ChangedSection,
                    atom,
                    $"The kernel reads {atom.Section.Name} as a table of entries from all objects, and keeps the old one: {change.Reason}.",
                    change.Offset);
                break;
            case SectionClass.Data or SectionClass.ReadOnlyData or SectionClass.PerCpu or SectionClass.Once:
                CheckData(change);
                break;
            case SectionClass.DynamicDebug or SectionClass.PrintkIndex:
                break;
            default:
                Refuse(DiffRefusals.ChangedSection, atom, $"The content of {atom.Section.Name} changed: {change.Reason}.");
                break;
        }
    }

    private void CheckFunction(AtomChange change)
    {
        var (atom, original) = (change.Patched, change.Original!);
        if (atom.Symbol is null)
        {
            Refuse(DiffRefusals.ChangedEntryCode, atom, $"The code of {atom.Section.Name} belongs to no function: {change.Reason}.");
            return;
        }

        if (original.Class != SectionClass.Code)
        {
            Refuse(
                original.Class == SectionClass.Init ? DiffRefusals.ChangedInit : DiffRefusals.NoFentry,
                atom,
                $"It was in {original.Section.Name} and is now in {atom.Section.Name}.");
            return;
        }

        if (changes.ThroughCallers.TryGetValue(atom, out var callers))
        {
            diagnostics.Add(DiffDiagnostics.ThroughCallers.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                $"Nothing can redirect it itself. All its callers can be, and are: "
                    + $"{string.Join(", ", callers.Take(5).Select(static caller => caller.Name))}{(callers.Count > 5 ? " and others" : string.Empty)}."));
            return;
        }

        // A cold half is replaced with its function, which is checked itself. Other parts are called by whoever inlines the head.
        if (original.FtraceSite is null && !(SymbolName.IsCold(atom.Name) && atom.Parent is not null))
        {
            if (TraceEventCode.Contains(atom))
            {
                Refuse(
                    DiffRefusals.NoFentry,
                    atom,
                    $"TRACE_EVENT made it, without a call of the tracer, and only the event's tables lead to it: {change.Reason}.",
                    change.Offset,
                    TraceEventCode.Remedy);
                return;
            }

            if (!pair.Original.Atoms.Any(static other => other.FtraceSite is not null))
            {
                Refuse(
                    DiffRefusals.NoFentry,
                    atom,
                    $"No function of this object has a call of the tracer: the file is compiled without -pg, and nothing in it can be "
                        + $"redirected: {change.Reason}.",
                    change.Offset,
                    "Its makefile takes the tracer's call out of the whole file (CFLAGS_REMOVE). Put the changed code into a new "
                        + "function of a file that has it, and let the callers in other files call that.");
                return;
            }

            Refuse(
                DiffRefusals.NoFentry,
                atom,
                $"It has no call of the tracer at its entry, so nothing can redirect it: {change.Reason}.{TracedCallers(atom)}",
                change.Offset);
        }
    }

    private string TracedCallers(Atom function)
    {
        var callers = pair.Patched.ReferrersOf(function)
            .Select(static use => SymbolName.IsCold(use.From.Name) && use.From.Parent is { } parent ? parent : use.From)
            .Where(caller => caller is { Kind: AtomKind.Function, Class: SectionClass.Code, FtraceSite: not null } && caller != function)
            .Select(static caller => caller.Name)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return callers.Count == 0
            ? " No function of this object that calls it can be redirected either."
            : $" It is called by {string.Join(", ", callers.Take(5))}{(callers.Count > 5 ? " and others" : string.Empty)}, which can be "
                + $"redirected.";
    }

    private void CheckData(AtomChange change)
    {
        var (atom, original) = (change.Patched, change.Original!);
        if (atom.Class != original.Class)
        {
            Refuse(
                DiffRefusals.SymbolSection,
                atom,
                $"It moved from {original.Section.Name} to {atom.Section.Name}, and code that is not replaced still uses the old place.");
            return;
        }

        if (atom.Kind == AtomKind.Anonymous && atom.Class == SectionClass.Data
            && pair.Patched.ReferrersOf(atom)
                .Any(use => use.From.Kind == AtomKind.Function && changes.Of(use.From).Kind != ChangeKind.Same))
        {
            // Whoever uses it is copied, and the copying is refused or not there.
            return;
        }

        if (atom.Kind == AtomKind.Anonymous && atom.Class == SectionClass.ReadOnlyData)
        {
            // Nameless constants come along with the functions that use them, which count as changed for it.
            if (pair.Patched.ReferrersOf(atom).Count == 0)
            {
                Refuse(DiffRefusals.ChangedSection, atom, $"The content of {atom.Section.Name} changed and no function refers to it.");
            }

            return;
        }

        var verdict = changes.VerdictOf(atom);
        if (verdict.IsCopied)
        {
            foreach (var use in verdict.Passed.DistinctBy(static use => use.Other))
            {
                diagnostics.Add(DiffDiagnostics.ConstantPassed.At(
                    DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name),
                    $"{use.Where.Name} passes its address to {use.Other ?? "a function called by pointer"}. If that keeps it, what it "
                        + $"kept goes on being the old constant, and what it gets now goes with the livepatch."));
            }

            return;
        }

        var isResized = atom.Symbol is not null && original.Symbol is { } symbol && symbol.Size != atom.Symbol.Size;
        if (verdict.Kept is { } kept)
        {
            CheckKept(change, verdict, kept, isResized);
        }
        else if (isResized)
        {
            Refuse(DiffRefusals.VariableSize, atom, $"It had {original.Symbol!.Size} bytes and has {atom.Symbol!.Size} after the patch.");
        }
        else
        {
            Refuse(
                DiffRefusals.ChangedData,
                atom,
                $"Its initial value changed, and the running kernel's copy keeps the old one: {DescribeValues(change)}.",
                change.Offset,
                atom.Class == SectionClass.ReadOnlyData ? ReadOnlyRemedy : null);
        }
    }

    /// <summary>What to do about a constant that cannot be set, since it is read-only, nor copied.</summary>
    private const string ReadOnlyRemedy =
        "It is read-only in the running kernel and cannot be set in a callback. Give the new constant another name and use it where the "
            + "patched code means it; "
        + "who has the old one's address keeps the old one.";

    private void CheckKept(AtomChange change, ConstantVerdict verdict, AddressUse kept, bool isResized)
    {
        var (atom, original) = (change.Patched, change.Original!);
        var how = kept.Kind switch
        {
            AddressUseKind.Stored => $"{kept.Place} stores its address{(kept.Other is null ? string.Empty : $" in {kept.Other}")}",
            AddressUseKind.Compared => $"{kept.Place} compares its address with another",
            AddressUseKind.Computed => $"{kept.Place} makes a number of its address",
            AddressUseKind.Returned => $"{kept.Where.Name} returns its address to functions that are not known here",
            AddressUseKind.Held => $"{kept.Where.Name} holds its address",
            AddressUseKind.Passed => $"{kept.Place} passes its address to {kept.Other ?? "a function called by pointer"}",
            _ => $"the code of {kept.Where.Name} cannot be followed",
        };
        if (isResized)
        {
            Refuse(
                DiffRefusals.ConstantSize,
                atom,
                $"It had {original.Symbol!.Size} bytes and has {atom.Symbol!.Size} after the patch, and {how}: whoever kept that would "
                    + $"read the old one with the new size.");
        }
        else if (verdict.IsPure)
        {
            Refuse(
                DiffRefusals.ConstantKept,
                atom,
                $"It changed ({DescribeValues(change)}), and {how}: what has the old one's address does not see a copy of the new one.",
                change.Offset);
        }
        else
        {
            Refuse(
                DiffRefusals.ChangedData,
                atom,
                $"Its value changed, and the running kernel's copy keeps the old one: {DescribeValues(change)}. A copy for its readers "
                    + $"would not do, because {how}.",
                change.Offset,
                ReadOnlyRemedy);
        }
    }

    private static string DescribeValues(AtomChange change) =>
        ValueText.Difference(change.Original!, change.Patched) is { } values ? values : change.Reason!;

    private void CheckPlacement(Atom original, Atom patched)
    {
        if (PlacementRule.Compare(original, patched) is not { IsHarmless: false } move)
        {
            return;
        }

        Refuse(
            patched.Class == SectionClass.Initcall ? DiffRefusals.Initcall : DiffRefusals.Moved,
            patched,
            patched.Class == SectionClass.Initcall
                ? $"The patch moves this initcall to another level, and it has run: {move.Text}."
                : $"{char.ToUpperInvariant(move.Text[0])}{move.Text[1..]}; the running kernel's stays where it is.");
    }

    /// <summary>
    /// In a section that variables share its alignment is the greatest that one of them asks for. When it grows, one that the kernel has
    /// asks for more than the running one has, unless a new variable there may be the one that asks.
    /// </summary>
    private void CheckSharedAlignment()
    {
        foreach (var after in pair.Patched.Elf.Sections.Where(
            section => pair.Patched.ClassOf(section) is SectionClass.Data or SectionClass.PerCpu))
        {
            var atoms = pair.Patched.AtomsOf(after);
            if (atoms.Count > 1 && pair.Original.Elf.FindSection(after.Name) is { } before && before.Alignment < after.Alignment
                && pair.Original.AtomsOf(before).Count > 0
                && !atoms.Any(atom => changes.Of(atom).Original is null && atom.Start % after.Alignment == 0))
            {
                diagnostics.Add(DiffRefusals.SectionHeader.At(
                    DiagnosticLocation.InSection(pair.Patched.Name, after.Name),
                    $"A variable there asks for an alignment of {after.Alignment}, and the running kernel's have no more than "
                        + $"{before.Alignment}."));
            }
        }
    }

    private void CheckHeader(Atom original, Atom patched)
    {
        // In a section of its own a variable's attributes show in the header; in a shared one they are the neighbours' too.
        if (pair.Original.AtomsOf(original.Section).Count != 1 || pair.Patched.AtomsOf(patched.Section).Count != 1)
        {
            return;
        }

        // A constant whose readers get a new copy may have any alignment.
        if (changes.IsCopiedConstant(patched))
        {
            return;
        }

        var (before, after) = (original.Section, patched.Section);
        if (original.Class == patched.Class
            && (before.Flags != after.Flags || before.EntrySize != after.EntrySize || before.Alignment != after.Alignment
                || (before.Type != after.Type && before.Type != ElfConstants.ShtNobits && after.Type != ElfConstants.ShtNobits)))
        {
            diagnostics.Add(DiffRefusals.SectionHeader.At(
                DiagnosticLocation.InSymbol(pair.Patched.Name, patched.Name),
                $"Its section changed: flags 0x{before.Flags:x}, alignment {before.Alignment}, entry size {before.EntrySize} before; "
                    + $"flags 0x{after.Flags:x}, alignment {after.Alignment}, entry size {after.EntrySize} after."));
        }
    }

    private static string Word(Atom atom) => atom.Kind == AtomKind.Function ? "function" : "variable";

    private void Refuse(DiagnosticDescriptor descriptor, Atom atom, string text, ulong? offset = null, string? remedy = null)
    {
        var place = atom.Symbol is null
            ? DiagnosticLocation.InSection(pair.Patched.Name, atom.Section.Name, offset)
            : DiagnosticLocation.InSymbol(pair.Patched.Name, atom.Name, offset);
        diagnostics.Add(descriptor.At(place, text, remedy));
    }
}

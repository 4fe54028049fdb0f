using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;

namespace LivePatch.Proof;

/// <summary>
/// Data, as a whole: a literal from its first character to its terminator wherever the address points into it, a variable from its first
/// byte to its last, with all it points to.
///
/// The module may have its own of what cannot change (constants, literals), of what the kernel does not have (new variables), and of what
/// macros make afresh at every use and only messages depend on. Of everything else the running kernel's is meant, and a copy is refused.
/// </summary>
public sealed partial class ModuleProof
{
    private enum Fit
    {
        No,
        Known,
        New,
    }

    private Objection? MatchData(Part part, in Address said, in Address done, in Use use)
    {
        // Code may name an entry of a table (the WARN of Linux 7.2 its own in __bug_table): the tables are compared as sets, and what is
        // asked here is that it leads to the same place in an entry.
        if (part.Rows.At(said) is { } mine && _moduleRows.At(done) is { } theirs)
        {
            return mine.Table.Name == theirs.Table.Name && mine.Length == theirs.Length
                && said.Offset - (long)mine.Start == done.Offset - (long)theirs.Start ? null : Objection.Plain;
        }

        var items = DataItem.At(part.Patched, said);
        if (items.Count == 1)
        {
            var objection = MatchItem(part, items[0], said, done, commit: true);
            if (objection is null && !items[0].IsLiteral)
            {
                use.Ends?.Clear(items[0].Section, items[0].Start);
            }

            return objection;
        }

        // The end of one and the beginning of the next: either will do here, and the whole function decides whether it was right.
        var (starts, ends) = (items[0], items[1]);
        var fitsStart = MatchItem(part, starts, said, done, commit: false) is null;
        var fitsEnd = MatchItem(part, ends, said, done, commit: false) is null;
        use.Ends?.Shared(use, starts.Section, starts.Start, ends.Start, fitsEnd && IsPaired(part, ends, done), fitsStart,
            Describe(_module, done));
        return fitsStart && (!fitsEnd || !IsPaired(part, ends, done)) ? MatchItem(part, starts, said, done, commit: true)
            : fitsEnd ? MatchItem(part, ends, said, done, commit: true)
            : Objection.Plain;
    }

    private bool IsPaired(Part part, in DataItem item, in Address done) => done.Section is null
        || _data.ContainsKey((part, item.Section, item.Start));

    private Objection? MatchItem(Part part, in DataItem item, in Address said, in Address done, bool commit)
    {
        var inside = said.Offset - (long)item.Start;
        if (done.Section is { } there)
        {
            var place = done.Offset - inside;
            if (item.IsLiteral)
            {
                var objection = (there.Flags & ElfConstants.ShfWrite) != 0
                    ? new Objection(", which can be written to", ProofDiagnostics.OtherContent)
                    : SameBytes(part, item, there, place);
                if (commit && objection is null)
                {
                    _literals++;
                    Claim(there, place, place + (long)(item.End - item.Start));
                }

                return objection;
            }

            if (_data.TryGetValue((part, item.Section, item.Start), out var known))
            {
                return known == (there, place) ? null : new Objection($", beside another copy at {known.Section.Name}+0x{known.Start:x}");
            }

            if (place < 0 || there.IsCode || SameBytes(part, item, there, place) is not null)
            {
                return SameBytes(part, item, there, place) ?? Objection.Plain;
            }

            if (commit)
            {
                var copy = item;
                _data.Add((part, item.Section, item.Start), (there, place));
                _pending.Enqueue(() => ProveData(part, copy, there, place));
            }

            return null;
        }

        if (!done.IsOutside || done.Offset != inside)
        {
            return Objection.Plain;
        }

        return item.Symbol is { } symbol
            ? OfKernel(part, symbol, done.Symbol!)
            : new Objection(", and the object's constant has no name");
    }

    /// <summary>The bytes that no relocation writes.</summary>
    private Objection? SameBytes(Part part, in DataItem item, ElfSection there, long place)
    {
        var length = (long)(item.End - item.Start);
        if (place < 0 || !there.IsAllocated || (ulong)(place + length) > there.Size)
        {
            return new Objection(", where nothing of that size is loaded", ProofDiagnostics.OtherContent);
        }

        // Of what has no size only the name tells that it is there.
        var name = SymbolNames.Base(item.Symbol?.Name ?? string.Empty);
        if (length == 0 && item.Symbol is not null && !_module.NamesAt(there, (ulong)place).Any(symbol => SymbolNames.Base(symbol.Name) == name))
        {
            return Objection.Plain;
        }

        var mine = LoadedFile.Bytes(item.Section, (long)item.Start, length);
        var theirs = LoadedFile.Bytes(there, place, length);
        if (mine.SequenceEqual(theirs) && (item.Section.Relocations.Count == 0 || item.IsLiteral))
        {
            return _module.RelocationsOf(there).InRange((ulong)place, (ulong)(place + length)).Length == 0
                ? null
                : new Objection(", over which a relocation writes", ProofDiagnostics.OtherContent);
        }

        var masked = new bool[length];
        foreach (var relocation in part.Patched.RelocationsOf(item.Section).InRange(item.Start, item.End))
        {
            Mask(masked, (long)(relocation.Offset - item.Start), relocation.Type);
        }

        foreach (var relocation in _module.RelocationsOf(there).InRange((ulong)place, (ulong)(place + length)))
        {
            Mask(masked, (long)relocation.Offset - place, relocation.Type);
        }

        for (var index = 0; index < length; index++)
        {
            if (!masked[index] && mine[index] != theirs[index])
            {
                return new Objection($", whose content is another one from its byte {index} on", ProofDiagnostics.OtherContent);
            }
        }

        return null;
    }

    private void Mask(bool[] masked, long offset, uint type)
    {
        var width = _architecture.Relocations.Find(type)?.Width ?? 0;
        for (var index = Math.Max(offset, 0); index < Math.Min(offset + width, masked.Length); index++)
        {
            masked[index] = true;
        }
    }

    private void ProveData(Part part, DataItem item, ElfSection there, long place)
    {
        var name = item.Symbol?.Name ?? $"{item.Section.Name}+0x{item.Start:x}";
        Claim(there, place, place + (long)(item.End - item.Start));
        var isWritten = (item.Section.Flags & ElfConstants.ShfWrite) != 0;
        if (isWritten && item.End > item.Start && (there.Flags & ElfConstants.ShfWrite) == 0)
        {
            Refuse(ProofDiagnostics.WrongSection, part, name, 0, $"It can be written to, and {there.Name} of the module cannot.");
        }

        var alignment = Math.Max(1, Math.Min(item.Section.Alignment, item.Start == 0 ? item.Section.Alignment
            : item.Start & (~item.Start + 1)));
        if (there.Alignment % alignment != 0 || (ulong)place % alignment != 0)
        {
            Refuse(ProofDiagnostics.WrongSection, part, name, 0,
                $"It lies at a multiple of {alignment}, and in {there.Name} of the module it would not.");
        }

        if (WhyPrivate(part, item) is { } reason)
        {
            _private.Add(new PrivatePart(part.Source.Path, name, reason));
        }
        else
        {
            Refuse(
                ProofDiagnostics.SecondState, part, name, 0,
                $"The patched object says the variable of {part.Owner}; the module has its own in {there.Name}, which begins with another value and which nobody else sees.");
        }

        ProveFields(part, item.Section, item.Start, item.End, there, place, name, false);
    }

    /// <summary>The addresses in data: the same fields, leading to the same.</summary>
    /// <returns>False when something was refused.</returns>
    private bool ProveFields(Part part, ElfSection section, ulong start, ulong end, ElfSection there, long place, string name,
        bool isInTable)
    {
        var mine = part.Patched.RelocationsOf(section).InRange(start, end).ToArray().Where(static item => item.Type != 0).ToList();
        var theirs = _module.RelocationsOf(there).InRange((ulong)place, (ulong)(place + (long)(end - start))).ToArray()
            .Where(static item => item.Type != 0).ToList();
        foreach (var relocation in mine)
        {
            var offset = (long)(relocation.Offset - start);
            var found = theirs.FindIndex(item => (long)item.Offset - place == offset);
            var said = part.Patched.Resolve(relocation, 0);
            var use = new Use(name, offset, false) { IsInTable = isInTable };
            _references++;
            if (found < 0)
            {
                Refuse(ProofDiagnostics.OtherAddress, part, use, Describe(part.Patched, said), "no address at all");
                return false;
            }

            var other = theirs[found];
            theirs.RemoveAt(found);
            if (!_architecture.Relocations.AreEquivalent(relocation.Type, other.Type))
            {
                Refuse(
                    ProofDiagnostics.OtherAddress, part, use,
                        $"{Describe(part.Patched, said)} as {_architecture.Relocations.Find(relocation.Type)?.Name}",
                    $"{Describe(_module, _module.Resolve(other, 0))} as {_architecture.Relocations.Find(other.Type)?.Name}");
                return false;
            }

            Match(part, said, _module.Resolve(other, 0), use);
        }

        foreach (var extra in theirs)
        {
            Refuse(ProofDiagnostics.OtherAddress, part, new Use(name, (long)extra.Offset - place, false), "no address there",
                Describe(_module, _module.Resolve(extra, 0)));
            return false;
        }

        return true;
    }

    /// <summary>Why the module may have its own of it; null when it may not.</summary>
    private string? WhyPrivate(Part part, in DataItem item)
    {
        if ((item.Section.Flags & ElfConstants.ShfWrite) == 0)
        {
            return "constant";
        }

        if (item.Symbol is not { } symbol)
        {
            return IsConstantInMemory(item) ? "constant"
                : MadeAfresh.IsSanitizerReport(item.Section) ? "message only: report of undefined behaviour" : null;
        }

        if (MadeAfresh.Reason(part, item, _architecture) is { } reason)
        {
            return reason;
        }

        return HasOriginal(part, symbol) ? null : "new";
    }

    // Constants with addresses in them are written to once, by the loader.
    private static bool IsConstantInMemory(in DataItem item) =>
        item.Section.Name.StartsWith(".data.rel.ro", StringComparison.Ordinal)
            || item.Section.Name.StartsWith(".rodata", StringComparison.Ordinal);

    private static bool HasOriginal(Part part, ElfSymbol symbol)
    {
        var source = SymbolNames.Base(symbol.Name);
        return part.Original.Elf.Symbols.Any(other => other.Section is { IsAllocated: true } section && other.Type == symbol.Type
            && SymbolNames.Base(other.Name) == source && section.IsCode == symbol.Section!.IsCode
            && (other.Size == symbol.Size || other.Name == symbol.Name || other.Binding != ElfSymbolBinding.Local));
    }

    private void NotePrivateCode(Part part, ElfSection section, ulong start, ElfSymbol? symbol)
    {
        if (symbol is null || _replaced.Contains((part, section, start)))
        {
            return;
        }

        var original = part.Original.Elf.FindSymbols(symbol.Name).FirstOrDefault(static other => other.Section is { IsCode: true });
        if (original is null)
        {
            _private.Add(new PrivatePart(part.Source.Path, symbol.Name, HasOriginal(part, symbol) ? "renumbered by the compiler" : "new"));
            return;
        }

        // The kernel's function goes on being called by everybody else: then there must be no way to redirect it.
        var known = SymbolsOf(part.Owner)?.Find(symbol.Name) ?? [];
        if (known.Count == 1 && known[0].IsFunction && !symbol.Name.Contains(".cold", StringComparison.Ordinal)
            && _target.IsTraceable(part.Owner, symbol.Name, 0) == true)
        {
            Refuse(
                ProofDiagnostics.SecondState, part, symbol.Name, 0,
                $"The module has a copy of it that no row of its table of functions leads to, and {part.Owner} has the function where it could be replaced.");
        }
        else
        {
            _private.Add(new PrivatePart(
                part.Source.Path, symbol.Name, symbol.Name.Contains(".cold", StringComparison.Ordinal) ? "part of a replaced function"
                    : $"cannot be redirected in {(part.Owner == ModuleName.Vmlinux ? "the kernel" : part.Owner)}"));
        }
    }
}

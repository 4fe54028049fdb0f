using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>
/// Special tables: for each piece of code the module has exactly the object's entries, and they lead to the same places.
///
/// Entries are paired by the place in the code they belong to, in their order in the table; their bytes must be equal where no address
/// stands, and addresses are compared like those of code. Where objtool runs only when a module is linked, an object lacks the tables it
/// makes. Then what the table must hold follows from the code where the machine's catalog says which calls have an entry; of the others
/// the places are checked: each names an instruction, and all code has something in effect.
///
/// Rules that forgive: an optional entry may be missing; so may that of a static branch or call whose key is a module's, where the code
/// is a no-op or calls the trampoline then.
/// </summary>
public sealed partial class ModuleProof
{
    private void ProveRows(
        Part part, ElfSection section, ulong start, ulong end, ulong[] ends, ElfSection there, long place, string name, bool isWhole,
            List<CodeCall> calls)
    {
        var tables = _target.Catalog.Sections.Concat(part.Rows.Tables.Where(table => _target.Catalog.Find(table.Name) is null));
        foreach (var special in tables)
        {
            if (special.Rule == SpecialSectionRule.UnwindEntries || _target.Catalog.IsIgnored(special.Name))
            {
                continue;
            }

            var copies = _moduleRows.In(special.Name, there, (ulong)place, (ulong)place + (end - start)).ToList();
            if (copies.Count > 0 && !copies[0].Section.IsAllocated)
            {
                Refuse(ProofDiagnostics.WrongSection, part, name, 0, $"The module's {special.Name} is not loaded.");
            }

            if (special.Rule == SpecialSectionRule.UnwindAddresses)
            {
                ProveUnwinding(part, special, section, start, end, there, place, name, isWhole, copies);
            }
            else if (special.Derived && !part.Rows.Tables.Contains(special))
            {
                ProveDerived(part, special, ends, place, name, isWhole, calls, copies);
            }
            else if (special.Rule == SpecialSectionRule.StaticCall && !part.Rows.Tables.Contains(special))
            {
                ProveStaticCalls(part, special, place, name, calls, copies);
            }
            else
            {
                ProveSet(part, special, section, start, end, there, place, name, copies);
            }
        }
    }

    private void ProveSet(
        Part part, SpecialSection special, ElfSection section, ulong start, ulong end, ElfSection there, long place, string name,
            List<TableRow> copies)
    {
        foreach (var row in part.Rows.In(special.Name, section, start, end))
        {
            var inside = row.Owner - start;
            var found = copies.FindIndex(copy => copy.Owner - (ulong)place == inside && SameRow(part, row, copy));
            if (found < 0)
            {
                if (WhyForgiven(part, special, row, there, (ulong)place + inside) is { } rule)
                {
                    Forgive(rule);
                    AskLater(part, special, row, name, (long)inside);
                    continue;
                }

                var other = copies.FindIndex(copy => copy.Owner - (ulong)place == inside);
                Refuse(
                    ProofDiagnostics.OtherEntries, part, name, (long)inside,
                    other < 0
                        ? $"The patched object has an entry in {special.Name} for it; the module has none."
                        : $"The patched object's entry in {special.Name} for it and the module's have other content.");
                continue;
            }

            var pair = copies[found];
            copies.RemoveAt(found);
            _tables++;
            ProveRow(part, special, row, pair, name);
        }

        foreach (var extra in copies.Where(static copy => !copy.Table.IsOptional))
        {
            Refuse(
                ProofDiagnostics.OtherEntries, part, name, (long)extra.Owner - place,
                $"The patched object has no entry in {special.Name} for it, or one less; the module has one.");
        }
    }

    private bool SameRow(Part part, in TableRow row, in TableRow copy)
    {
        if (row.Length != copy.Length && !row.Table.ShortLastEntry)
        {
            return false;
        }

        var length = Math.Min(row.Length, copy.Length);
        var masked = new bool[length];
        foreach (var relocation in part.Patched.RelocationsOf(row.Section).InRange(row.Start, row.Start + (ulong)length))
        {
            Mask(masked, (long)(relocation.Offset - row.Start), relocation.Type);
        }

        foreach (var relocation in _module.RelocationsOf(copy.Section).InRange(copy.Start, copy.Start + (ulong)length))
        {
            Mask(masked, (long)(relocation.Offset - copy.Start), relocation.Type);
        }

        var left = LoadedFile.Bytes(row.Section, (long)row.Start, length);
        var right = LoadedFile.Bytes(copy.Section, (long)copy.Start, length);
        for (var index = 0; index < length; index++)
        {
            if (!masked[index] && left[index] != right[index])
            {
                return false;
            }
        }

        return true;
    }

    private void ProveRow(Part part, SpecialSection special, in TableRow row, in TableRow copy, string name)
    {
        var length = (ulong)Math.Min(row.Length, copy.Length);
        var bytes = LoadedFile.Bytes(row.Section, (long)row.Start, (long)length);
        var replacement = _architecture.Tables.ReplacementBytes(special.Name, bytes);
        var mine = part.Patched.RelocationsOf(row.Section);
        var theirs = _module.RelocationsOf(copy.Section);
        var unit = $"{name} in {special.Name}";
        if (replacement is null)
        {
            if (special.Rule == SpecialSectionRule.StaticCall && IsTrampolineForKey(part, special, row, copy))
            {
                Forgive("the key of a static call is named by its trampoline");
                return;
            }

            Claim(copy.Section, (long)copy.Start, (long)(copy.Start + length));
            _ = ProveFields(part, row.Section, row.Start, row.Start + length, copy.Section, (long)copy.Start, unit, true);
            return;
        }

        var begin = row.Start;
        var empty = replacement == 0
            ? mine.InRange(begin, begin + length).ToArray().Select(item => (long)(item.Offset - begin))
                .Where(offset => offset != special.OwnerOffset)
                .DefaultIfEmpty(-4).First()
            : -4;
        Claim(copy.Section, (long)copy.Start, empty < 0 ? (long)(copy.Start + length) : (long)copy.Start + empty);
        Claim(copy.Section, (long)copy.Start + empty + sizeof(int), (long)(copy.Start + length));

        // The entry's code and its replacement; of an empty replacement the address means nothing.
        foreach (var relocation in mine.InRange(row.Start, row.Start + length).ToArray())
        {
            var offset = relocation.Offset - row.Start;
            var said = part.Patched.Resolve(relocation, 0);
            if (theirs.At(copy.Start + offset) is not { } other || !_architecture.Relocations.AreEquivalent(other.Type, relocation.Type))
            {
                Refuse(ProofDiagnostics.OtherEntries, part, name, (long)(row.Owner - row.Start),
                    $"The module's entry in {special.Name} lacks an address at its byte {offset}.");
                continue;
            }

            _references++;
            var done = _module.Resolve(other, 0);
            if (offset != (ulong)special.OwnerOffset && said.Section is { } code && _target.Catalog.IsOutOfLineCode(code.Name))
            {
                if (replacement > 0 && (done.Section is not { IsCode: true } there
                    || !PairCode(part, code, (ulong)said.Offset, (ulong)said.Offset + (ulong)replacement, there, done.Offset,
                        $"replacement code of {name}", false)))
                {
                    Refuse(ProofDiagnostics.OtherAddress, part, new Use(unit, (long)offset, false), Describe(part.Patched, said),
                        Describe(_module, done));
                }

                continue;
            }

            Match(part, said, done, new Use(unit, (long)offset, false) { IsInTable = true });
        }
    }

    /// <summary>The rule by which an entry may be missing; null when there is none.</summary>
    private string? WhyForgiven(Part part, SpecialSection special, in TableRow row, ElfSection there, ulong place)
    {
        if (special.IsOptional)
        {
            return $"optional entries of {special.Name}";
        }

        if (special.KeyOffset < 0 || part.Owner == ModuleName.Vmlinux
            || part.Patched.RelocationsOf(row.Section).At(row.Start + (ulong)special.KeyOffset) is not { } key
                || !IsOfModule(part, key.Symbol))
        {
            return null;
        }

        // The branch stays as it is: it must be a no-op. A call without an entry goes by way of its trampoline.
        return special.Rule == SpecialSectionRule.StaticCall ? "static calls whose key is a module's"
            : _architecture.Instructions.IsFiller(LoadedFile.Bytes(there, (long)place, FirstLength(there, place)), true)
                ? "static branches whose key is a module's"
            : null;
    }

    /// <summary>A key that lies in the livepatch itself is there when its tables are read, and its entry is wanted. Whether it does is
    /// known when all is proved.</summary>
    private void AskLater(Part part, SpecialSection special, TableRow row, string name, long inside)
    {
        if (special.KeyOffset >= 0 && part.Patched.RelocationsOf(row.Section).At(row.Start + (ulong)special.KeyOffset) is { } key
            && part.Patched.Resolve(key, 0) is { Section: not null } place)
        {
            _atTheEnd.Add(() =>
            {
                if (DataItem.At(part.Patched, place).Exists(item => _data.ContainsKey((part, item.Section, item.Start))))
                {
                    Refuse(
                        ProofDiagnostics.OtherEntries, part, name, inside,
                        $"The patched object has an entry in {special.Name} for it, and the module has its key but no entry.");
                }
            });
        }
    }

    private long FirstLength(ElfSection section, ulong place) =>
        _architecture.Instructions.Ends(LoadedFile.Bytes(section, (long)place, (long)Math.Min(15, section.Size - place))) is [var end, ..]
            ? (long)end : 0;

    private bool IsOfModule(Part part, ElfSymbol symbol) => symbol.Section is not null
        || BindingOf(part, symbol.Name) != ModuleName.Vmlinux;

    private bool IsTrampolineForKey(Part part, SpecialSection special, in TableRow row, in TableRow copy) =>
        part.Patched.RelocationsOf(row.Section).At(row.Start + (ulong)special.KeyOffset) is { } key
        && _module.RelocationsOf(copy.Section).At(copy.Start + (ulong)special.KeyOffset) is { } other
        && StaticCallNames.Key(key.Symbol.Name) is { } name && StaticCallNames.Trampoline(OutsideName(other.Symbol)) == name
            && key.Addend == other.Addend
        && WhyNot(part, part.Patched.Resolve(part.Patched.RelocationsOf(row.Section).At(row.Start)!.Value, 0),
            _module.Resolve(_module.RelocationsOf(copy.Section).At(copy.Start)!.Value, 0), default) is null;

    private static string OutsideName(ElfSymbol symbol) => SymbolNames.ParseKlp(symbol.Name)?.Name ?? symbol.Name;

    /// <summary>A table that restates the code, for an object that does not have it.</summary>
    private void ProveDerived(Part part, SpecialSection special, ulong[] ends, long place, string name, bool isWhole,
        List<CodeCall> calls, List<TableRow> copies)
    {
        if (special.Callees.IsEmpty)
        {
            foreach (var copy in copies)
            {
                var inside = copy.Owner - (ulong)place;
                _tables++;
                if (inside != 0 && Array.BinarySearch(ends, inside) < 0)
                {
                    Refuse(ProofDiagnostics.OtherEntries, part, name, (long)inside,
                        $"The module's {special.Name} names a place there where no instruction begins.");
                }
            }

            return;
        }

        if (special.KernelSymbol is { } wanted && !_target.Symbols.Contains(wanted) && copies.Count == 0)
        {
            return;
        }

        var missing = calls.Where(call => special.Callees.Any(callee => call.Callee.StartsWith(callee, StringComparison.Ordinal)))
            .Select(static call => call.Offset).ToHashSet();
        foreach (var copy in copies)
        {
            _tables++;
            Claim(copy.Section, (long)copy.Start, (long)copy.Start + copy.Length);
            if (!missing.Remove(copy.Owner - (ulong)place))
            {
                Refuse(ProofDiagnostics.OtherEntries, part, name, (long)copy.Owner - place,
                    $"The module's {special.Name} names a place there that has no such call.");
            }
        }

        // Of replacement code objtool makes no entries.
        foreach (var call in isWhole ? missing.Order() : Enumerable.Empty<ulong>())
        {
            Refuse(ProofDiagnostics.OtherEntries, part, name, (long)call, $"The module's {special.Name} has no entry for the call there.");
        }
    }

    /// <summary>Static calls of an object whose table is made later: each call of a trampoline has an entry with its key.</summary>
    private void ProveStaticCalls(Part part, SpecialSection special, long place, string name, List<CodeCall> calls, List<TableRow> copies)
    {
        foreach (var call in calls)
        {
            if (StaticCallNames.Trampoline(call.Callee) is not { } key)
            {
                continue;
            }

            var found = copies.FindIndex(copy => copy.Owner == (ulong)place + call.Offset);
            if (found < 0)
            {
                // objtool knows a static call by its name, which what the livepatch core resolves does not have until the link is done.
                if (call.InModule.Symbol is { IsLivepatch: true })
                {
                    Forgive("static calls without an entry, which go by way of their trampoline");
                }
                else
                {
                    Refuse(ProofDiagnostics.OtherEntries, part, name, (long)call.Offset,
                        $"The module's {special.Name} has no entry for the static call there.");
                }

                continue;
            }

            var row = copies[found];
            copies.RemoveAt(found);
            _tables++;
            Claim(row.Section, (long)row.Start, (long)row.Start + row.Length);
            var field = _module.RelocationsOf(row.Section).At(row.Start + (ulong)special.KeyOffset);
            var symbol = field?.Symbol;
            var named = symbol is null ? null : StaticCallNames.Key(OutsideName(symbol)) ?? StaticCallNames.Trampoline(OutsideName(symbol));

            // Beside the key an entry says whether it is for a jump; both of its fields are distances.
            var isWritten = field is { } entry && IsDistance(entry) && _module.RelocationsOf(row.Section).At(row.Start) is { } owner
                && IsDistance(owner)
                && _module.Resolve(entry, 0).Offset == (call.IsCall ? 0 : 1);
            if (named != key || !isWritten)
            {
                Refuse(
                    ProofDiagnostics.OtherEntries, part, name, (long)call.Offset,
                    $"The patched object calls {call.Callee}; the module's entry in {special.Name} for it names {symbol?.DisplayName ?? "nothing"}.");
            }
        }

        foreach (var extra in copies)
        {
            Refuse(ProofDiagnostics.OtherEntries, part, name, (long)extra.Owner - place,
                $"The module's {special.Name} names a place there that has no static call.");
        }
    }

    private bool IsDistance(in ElfRelocation relocation) =>
        _architecture.Relocations.Find(relocation.Type) is { IsPcRelative: true, Width: sizeof(int) };

    /// <summary>Unwind entries: the same one is in effect at every instruction.</summary>
    private void ProveUnwinding(
        Part part, SpecialSection special, ElfSection section, ulong start, ulong end, ElfSection there, long place, string name,
            bool isWhole, List<TableRow> copies)
    {
        if (_module.Elf.FindSection(special.Name) is null && (special.KernelSymbol is not { } wanted || !_target.Symbols.Contains(wanted)))
        {
            return;
        }

        var isOwn = part.Rows.Has(special.Name, section);
        if (!isOwn && (!isWhole || part.Rows.Tables.Contains(special)))
        {
            return;
        }

        foreach (var copy in isOwn ? copies : [])
        {
            var size = special.Companion is null || _module.Elf.FindSection(special.Companion) is not { } entries ? 0
                : (long)(entries.Size / (copy.Section.Size / (ulong)copy.Length));
            Claim(copy.Section, (long)copy.Start, (long)copy.Start + copy.Length);
            Claim(_module.Elf.FindSection(special.Companion ?? special.Name)!, (long)copy.Start / copy.Length * size,
                ((long)copy.Start / copy.Length * size) + size);
        }

        // Without the object's own, code that is never reached cannot be told from code that was forgotten: the entry counts.
        var changes = isOwn
            ? copies.Select(copy => copy.Owner - (ulong)place).Append(0UL)
                .Concat(part.Rows.In(special.Name, section, start, end).Select(row => row.Owner - start))
            : [0UL];

        foreach (var inside in changes.Distinct().Order())
        {
            _tables++;
            var done = InEffect(_module, _moduleRows, special, there, (ulong)place + inside);
            if (done.IsEmpty || !done.ContainsAnyExcept((byte)0))
            {
                // Code that is never reached has none in either.
                if (!isOwn || !InEffect(part.Patched, part.Rows, special, section, start + inside).SequenceEqual(done))
                {
                    Refuse(ProofDiagnostics.OtherEntries, part, name, (long)inside,
                        $"The module's {special.Name} says nothing of how to unwind from there.");
                    return;
                }
            }
            else if (isOwn && !InEffect(part.Patched, part.Rows, special, section, start + inside).SequenceEqual(done))
            {
                Refuse(ProofDiagnostics.OtherEntries, part, name, (long)inside,
                    $"Another entry of {special.Companion} is in effect there than in the patched object.");
                return;
            }
        }
    }

    private static ReadOnlySpan<byte> InEffect(LoadedFile file, TableRows rows, SpecialSection special, ElfSection code, ulong place)
    {
        var all = rows.Of(special.Name, code);
        int low = 0, high = all.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (all[middle].Owner <= place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0 || special.Companion is null || file.Elf.FindSection(special.Companion) is not { } entries)
        {
            return [];
        }

        var row = all[low - 1];
        var count = row.Section.Size / (ulong)row.Length;
        var size = count == 0 ? 0 : entries.Size / count;
        return LoadedFile.Bytes(entries, (long)(row.Start / (ulong)row.Length * size), (long)size);
    }

    /// <summary>Entries of the module's tables that belong to no code that was proved.</summary>
    private void CheckStrayRows()
    {
        foreach (var (section, start) in _moduleRows.Homeless)
        {
            _diagnostics.Add(ProofDiagnostics.OtherEntries.At(DiagnosticLocation.InSection(_module.Elf.Name, section.Name, start),
                "This entry of the module belongs to no code."));
        }

        foreach (var row in _moduleRows.All.Where(static row => row.Table.Rule != SpecialSectionRule.UnwindAddresses))
        {
            var code = CodeOf(row);
            if (!_provedCode.Exists(range => range.Section == code && (long)row.Owner >= range.Start && (long)row.Owner < range.End)
                && !IsOwnSource(code, row.Owner))
            {
                _diagnostics.Add(ProofDiagnostics.OtherEntries.At(
                    DiagnosticLocation.InSection(_module.Elf.Name, row.Section.Name, row.Start),
                    $"This entry of the module belongs to {code.Name}+0x{row.Owner:x}, where no code of a patched object lies."));
            }
        }

        ElfSection CodeOf(TableRow row) => _module
            .Resolve(_module.RelocationsOf(row.Section).At(row.Start + (ulong)row.Table.OwnerOffset)!.Value, 0).Section!;
    }

    /// <summary>True for the code of the module's own source.</summary>
    private bool IsOwnSource(ElfSection section, ulong place)
    {
        if (section.Name.StartsWith(".init", StringComparison.Ordinal) || section.Name.StartsWith(".exit", StringComparison.Ordinal))
        {
            return true;
        }

        return section.IsCode && _module.Symbols.FindContaining(section, place) is { Type: ElfSymbolType.Function } symbol
            && IsOwnSource(symbol);
    }

    private bool IsOwnSource(ElfSymbol symbol)
    {
        if (symbol.Section!.Name.StartsWith(".init", StringComparison.Ordinal)
            || symbol.Section.Name.StartsWith(".exit", StringComparison.Ordinal))
        {
            return true;
        }

        for (var index = symbol.Index - 1; index > 0 && symbol.Binding == ElfSymbolBinding.Local; index--)
        {
            if (_module.Elf.Symbols[index] is { Type: ElfSymbolType.File } file)
            {
                return file.Name.EndsWith("-main.c", StringComparison.Ordinal) || file.Name.EndsWith(".mod.c", StringComparison.Ordinal)
                    || file.Name == "module-common.c";
            }
        }

        return false;
    }
}

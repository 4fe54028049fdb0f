using System.Buffers.Binary;
using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;

namespace LivePatch.Proof;

/// <summary>
/// The rows of klp_func, which begin everything: found from what the module gives to klp_enable_patch, by relocations alone.
///
/// Structures have other sizes in other kernels, but begin alike (include/linux/livepatch.h, 5.10 to 7.2): klp_patch with mod and objs,
/// klp_object with name and funcs, klp_func with old_name, new_func and old_sympos; tables end with an element of zeros. The size of an
/// element is the table's size divided by the number of rows and the end, and every row must begin at a multiple of it.
/// </summary>
public sealed partial class ModuleProof
{
    private const string Enable = "klp_enable_patch";
    private const string ThisModule = "__this_module";
    private const ulong PointerSize = 8;

    private void ReadRows()
    {
        var patch = FindPatch();
        if (patch is not { Section: { } section } || Pointer(section,
            (ulong)patch.Value.Offset + PointerSize) is not { Section: { } table } objects)
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(_module.Elf.Name, $"What it gives to {Enable} has no table of objects."));
            return;
        }

        if (Pointer(section, (ulong)patch.Value.Offset) is not { Symbol.Name: ThisModule, Offset: var own }
            || own != (long)_module.Elf.FindSymbols(ThisModule).First().Value)
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(_module.Elf.Name, $"What it gives to {Enable} does not name the module itself."));
        }

        Claim(section, patch.Value.Offset, patch.Value.Offset + (2 * (long)PointerSize));
        var pointers = TablePointers(table, (ulong)objects.Offset, out var size);
        var functions = pointers.Where(static item => item.Target is { Section: { IsCode: false } target }
            && (target.Flags & ElfConstants.ShfWrite) != 0).ToList();
        CheckSpacing(table, (ulong)objects.Offset, size, [.. functions.Select(static item => item.Offset - PointerSize)], "klp_object");
        foreach (var (offset, rows) in functions)
        {
            var named = pointers.FirstOrDefault(item => item.Offset == offset - PointerSize);
            Claim(table, (long)(offset - PointerSize), (long)(offset + PointerSize));
            var owner = named.Target.Section is null ? ModuleName.Vmlinux : Text(named.Target);
            ReadRows(rows.Section!, (ulong)rows.Offset, owner);
        }

        if (_rows == 0)
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(_module.Elf.Name, "It replaces no function."));
        }
    }

    private Address? FindPatch()
    {
        foreach (var code in _module.Elf.Sections.Where(static section => section.IsCode))
        {
            var relocations = _module.RelocationsOf(code).All;
            for (var index = 1; index < relocations.Count; index++)
            {
                if (relocations[index].Symbol is { Name: Enable, IsUndefined: true }
                    && _module.Resolve(relocations[index - 1], 4) is { Section: { IsCode: false } } patch)
                {
                    return patch;
                }
            }
        }

        return null;
    }

    private void ReadRows(ElfSection section, ulong start, string owner)
    {
        var pointers = TablePointers(section, start, out var size);
        var rows = pointers.Where(static item => item.Target is { Section.IsCode: true } or { Symbol.Type: ElfSymbolType.Function }).ToList();
        CheckSpacing(section, start, size, [.. rows.Select(static item => item.Offset - PointerSize)], "klp_func");
        var seen = new HashSet<(string, ulong)>();
        foreach (var (offset, function) in rows)
        {
            var named = pointers.FirstOrDefault(item => item.Offset == offset - PointerSize);
            if (named.Target.Section is null || section.Data.Length < (int)(offset + (2 * PointerSize)))
            {
                _diagnostics.Add(ProofDiagnostics.WrongRow.At(DiagnosticLocation.InSection(_module.Elf.Name, section.Name, offset),
                    "A row names no function of the kernel."));
                continue;
            }

            _rows++;
            Claim(section, (long)(offset - PointerSize), (long)(offset + (2 * PointerSize)));
            Claim(named.Target.Section, named.Target.Offset, named.Target.Offset + Text(named.Target).Length + 1);
            var position = BinaryPrimitives.ReadUInt64LittleEndian(section.Data.Span[(int)(offset + PointerSize)..]);
            ProveFirst(owner, Text(named.Target), position, function, seen);
        }
    }

    private void ProveFirst(string owner, string oldName, ulong position, Address function, HashSet<(string Name, ulong Position)> seen)
    {
        var place = DiagnosticLocation.InSymbol(_module.Elf.Name, oldName);
        if (!seen.Add((oldName, position)))
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(place, $"Two rows name it in {owner}."));
            return;
        }

        if (!_module.NamesAt(function.Section!, (ulong)function.Offset).Any(static symbol => symbol.Type == ElfSymbolType.Function))
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(place,
                $"Its row leads to {Describe(_module, function)}, where no function of the module begins: the kernel would not know its size."));
            return;
        }

        // Code that is like none of the name's is told instruction by instruction where it is clear what it should be.
        var candidates = Candidates(owner, oldName, function);
        if (candidates.Count == 0)
        {
            candidates = [.. _parts.Where(part => part.Owner == owner)
                .SelectMany(part => part.Patched.Elf.FindSymbols(oldName).Select(symbol => (part, symbol)))
                .Where(static item => item.symbol is { Section.IsCode: true, Type: ElfSymbolType.Function })];
        }

        if (candidates.Count == 0)
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(
                place, $"Its row for {owner} leads to {Describe(_module, function)}, which is not what any patched object of {owner} has under that name."));
            return;
        }

        var (part, symbol) = candidates[0];
        foreach (var candidate in candidates)
        {
            if (Original(candidate.Part, oldName) is { } original
                && WrongPlace(candidate.Part, original, oldName, position, count: false) is null)
            {
                (part, symbol) = candidate;
                break;
            }
        }

        if (Original(part, oldName) is not { } old)
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(place, $"{part.Source.Path} had no function of that name before the patch."));
        }
        else if (WrongPlace(part, old, oldName, position, count: true) is { } wrong)
        {
            _diagnostics.Add(ProofDiagnostics.WrongPosition.At(place, $"Its row says position {position} in {owner}{wrong}."));
        }

        _ = _replaced.Add((part, symbol.Section!, symbol.Value));
        if (!PairCode(part, symbol.Section!, symbol.Value, EndOf(part, symbol), function.Section!, function.Offset, symbol.Name, true))
        {
            _diagnostics.Add(ProofDiagnostics.WrongRow.At(place,
                $"Its row leads to {Describe(_module, function)}, and the module has another copy of the same function."));
        }
    }

    private static ElfSymbol? Original(Part part, string name) =>
        part.Original.Elf.FindSymbols(name).FirstOrDefault(static symbol => symbol.Section is { IsCode: true });

    private static ulong EndOf(Part part, ElfSymbol symbol) => symbol.Size > 0 ? symbol.End
        : part.Patched.NextSymbol(symbol.Section!, symbol.Value);

    /// <summary>The functions of the patched objects that may stand at a place of the module: their code is the same but for
    /// addresses.</summary>
    private List<(Part Part, ElfSymbol Symbol)> Candidates(string? owner, string name, Address place)
    {
        var source = SymbolNames.Base(name);
        var all = new List<(Part Part, ElfSymbol Symbol)>();
        foreach (var part in _parts.Where(part => owner is null || part.Owner == owner))
        {
            foreach (var symbol in part.Patched.Elf.Symbols)
            {
                if (symbol is { Section.IsCode: true, Type: ElfSymbolType.Function }
                    && (symbol.Name == name || SymbolNames.Base(symbol.Name) == source)
                    && LooksLike(part, symbol, place))
                {
                    all.Add((part, symbol));
                }
            }
        }

        var file = FileOf(place);
        return [.. all.OrderBy(item => item.Symbol.Name != name)
            .ThenBy(item => file != Path.GetFileNameWithoutExtension(item.Part.Source.Path))];
    }

    /// <summary>The source that the function at a place comes from, as far as the symbol table tells; it only decides which of equals is
    /// tried first.</summary>
    private string? FileOf(Address place)
    {
        var names = _module.NamesAt(place.Section!, (ulong)place.Offset);
        for (var index = names.Count == 0 ? 0 : names[0].Index; index > 0; index--)
        {
            if (_module.Elf.Symbols[index] is { Type: ElfSymbolType.File } file)
            {
                return Path.GetFileNameWithoutExtension(file.Name);
            }
        }

        return null;
    }

    private bool LooksLike(Part part, ElfSymbol symbol, Address place)
    {
        var (section, start) = (symbol.Section!, symbol.Value);
        var length = (long)(EndOf(part, symbol) - start);
        var bytes = LoadedFile.Bytes(place.Section!, place.Offset, length);
        if (length == 0 || bytes.Length != length)
        {
            return false;
        }

        var expected = Expected(part, section, start, LoadedFile.Bytes(section, (long)start, length).ToArray(), out var restored);
        ulong at = 0;
        foreach (var end in _architecture.Instructions.Ends(expected))
        {
            var mine = Fields(part.Patched, section, start + at, expected.AsSpan((int)at, (int)(end - at)),
                part.Patched.RelocationsOf(section));
            var theirs = Fields(_module, place.Section!, (ulong)place.Offset + at, bytes[(int)at..(int)end],
                _module.RelocationsOf(place.Section!));
            if (DifferentBytes(expected.AsSpan((int)at, (int)(end - at)), bytes[(int)at..(int)end], mine, theirs) is not null
                && restored?.Site != at)
            {
                return false;
            }

            at = end;
        }

        return true;
    }

    /// <summary>Code of the module that nothing led to stands for the object's function of that name, or for nothing.</summary>
    private void PairTheRest()
    {
        foreach (var symbol in _module.Elf.Symbols.Where(static symbol => symbol is { Section.IsCode: true, Type: ElfSymbolType.Function }))
        {
            if (IsOwnSource(symbol) || _architecture.Entry.IsPrefixSymbol(symbol.Name)
                || _provedCode.Exists(range => range.Section == symbol.Section && (long)symbol.Value >= range.Start
                && (long)symbol.Value < range.End)
                || _code.ContainsValue((symbol.Section!, (long)symbol.Value)))
            {
                continue;
            }

            var place = new Address(symbol.Section, symbol, (long)symbol.Value);
            var found = new List<(Part Part, ElfSymbol Symbol)>();
            for (var name = symbol.Name; found.Count == 0 && name.Length > 0; name = name.LastIndexOf('.') is > 0 and var dot
                ? name[..dot] : string.Empty)
            {
                found = Candidates(null, name, place);
            }

            found.RemoveAll(item => _code.ContainsKey((item.Part, item.Symbol.Section!, item.Symbol.Value)));
            if (found is not [var (part, mine), ..])
            {
                _diagnostics.Add(ProofDiagnostics.Unexplained.At(
                    DiagnosticLocation.InSymbol(_module.Elf.Name, symbol.Name),
                        "No row and no address leads to this function, and no patched object has it as it stands there."));
                continue;
            }

            _ = PairCode(part, mine.Section!, mine.Value, EndOf(part, mine), symbol.Section!, (long)symbol.Value, mine.Name, true);
            NotePrivateCode(part, mine.Section!, mine.Value, mine);
            Drain();
        }
    }

    private void CheckSpacing(ElfSection section, ulong start, ulong size, List<ulong> rows, string element)
    {
        var each = rows.Count == 0 ? 0 : size / (ulong)(rows.Count + 1);
        for (var index = 0; index < rows.Count; index++)
        {
            if (rows[index] != start + ((ulong)index * each))
            {
                _diagnostics.Add(ProofDiagnostics.WrongRow.At(
                    DiagnosticLocation.InSection(_module.Elf.Name, section.Name, start),
                        $"The rows of this table of {element} do not lie one behind the other, or it has no end."));
                return;
            }
        }
    }

    private List<(ulong Offset, Address Target)> TablePointers(ElfSection section, ulong start, out ulong size)
    {
        var end = _module.Symbols.FindContaining(section, start) is { Size: > 0 } symbol ? symbol.End : section.Size;
        size = end - start;
        return [.. _module.RelocationsOf(section).InRange(start, end).ToArray().Where(item => item.Type == _architecture.Relocations.Address)
            .Select(item => (item.Offset, _module.Resolve(item, 0)))];
    }

    private Address? Pointer(ElfSection section, ulong offset) =>
        _module.RelocationsOf(section).At(offset) is { } relocation && relocation.Type == _architecture.Relocations.Address
            ? _module.Resolve(relocation, 0) : null;

    private static string Text(Address place)
    {
        var rest = place.Offset < 0 || place.Offset >= place.Section!.Data.Length ? [] : place.Section.Data.Span[(int)place.Offset..];
        var end = rest.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
    }
}

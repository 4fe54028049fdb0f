using LivePatch.Elf;
using LivePatch.Elf.Dwarf;
using LivePatch.Kernel;

namespace LivePatch.Proof;

/// <summary>
/// Whether a symbol the module gives to the kernel is what the patched object's own function or variable is there.
///
/// The name is the original object's. Where compilers number names, the number proves nothing: then debugging information says what both
/// are, or there is only one of the kind before and after, or a function that is the same before and after uses both at the same place.
/// Other names of the same place must go on meaning it. Which of equal names in the target it is, the target's code tells.
/// </summary>
public sealed partial class ModuleProof
{
    private Objection? OfKernel(Part part, ElfSymbol symbol, ElfSymbol named)
    {
        var names = part.Patched.NamesAt(symbol.Section!, symbol.Value);
        if (!named.IsLivepatch)
        {
            var global = names.FirstOrDefault(item => item.Name == named.Name && item.Binding != ElfSymbolBinding.Local);
            if (global is null || _target.FindExport(named.Name) is not { } export)
            {
                return new Objection(", which is not the object's own");
            }

            return export.Owner != part.Owner ? new Objection($" of {export.Owner}")
                : Original(part, symbol, named.Name) is { } before ? SameOthers(part, symbol, before, named.Name)
                : new Objection(", which the object did not have before the patch");
        }

        if (SymbolNames.ParseKlp(named.Name) is not { } klp || klp.Object != part.Owner)
        {
            return Objection.Plain;
        }

        if (Original(part, symbol, klp.Name) is not { } original)
        {
            return new Objection(", which the object did not have before the patch");
        }

        if (!names.Any(item => item.Name == klp.Name && !SymbolNames.IsNumbered(klp.Name)))
        {
            if (SymbolNames.Base(klp.Name) != SymbolNames.Base(symbol.Name) && !AreOneVariable(part, symbol, original))
            {
                return Objection.Plain;
            }

            if (Numbered(part, symbol, original) is { } wrong)
            {
                return wrong;
            }
        }

        if (SameOthers(part, symbol, original, klp.Name) is { } alias)
        {
            return alias;
        }

        return WrongPlace(part, original, klp.Name, klp.Position, count: true) is { } other
            ? new Objection(other, ProofDiagnostics.WrongPosition) : null;
    }

    private static ElfSymbol? Original(Part part, ElfSymbol symbol, string name) =>
        part.Original.Elf.FindSymbols(name).FirstOrDefault(item => item.Section is { } section && section.IsCode == symbol.Section!.IsCode);

    /// <summary>Other names of the same place mean the same before and after, or the code is the same.</summary>
    private Objection? SameOthers(Part part, ElfSymbol symbol, ElfSymbol original, string name)
    {
        var after = part.Patched.NamesAt(symbol.Section!, symbol.Value);
        var before = part.Original.NamesAt(original.Section!, original.Value);
        if ((after.Count == 1 && before.Count == 1) || after.Any(item => item.Name != name && before.Any(other => other.Name == item.Name)))
        {
            return null;
        }

        return symbol.Section!.IsCode ? IsUnchanged(part, symbol, original) || _replacedAt(part, symbol) ? null
            : new Objection($", where {name} was the name of {Others(before, name)}")
            : before.Count == after.Count || symbol.Size == original.Size ? null
            : new Objection($", where {name} was the name of {Others(before, name)}");

        bool _replacedAt(Part where, ElfSymbol what) => _replaced.Contains((where, what.Section!, what.Value));
    }

    private static string Others(IReadOnlyList<ElfSymbol> names, string name) =>
        names.Count == 1 ? "something else" : string.Join(", ", names.Select(static item => item.Name).Where(item => item != name));

    private bool IsUnchanged(Part part, ElfSymbol symbol) =>
        part.Original.Elf.FindSymbols(symbol.Name).FirstOrDefault(static item => item.Section is { IsCode: true }) is { } original
            && IsUnchanged(part, symbol, original);

    private bool IsUnchanged(Part part, ElfSymbol symbol, ElfSymbol original)
    {
        var length = (long)symbol.Size;
        if (symbol.Size != original.Size)
        {
            return false;
        }

        var after = LoadedFile.Bytes(symbol.Section!, (long)symbol.Value, length);
        var before = LoadedFile.Bytes(original.Section!, (long)original.Value, length);
        ulong at = 0;
        foreach (var end in _architecture.Instructions.Ends(after))
        {
            var left = after[(int)at..(int)end];
            var right = before[(int)at..(int)end];
            var mine = Fields(part.Patched, symbol.Section!, symbol.Value + at, left, part.Patched.RelocationsOf(symbol.Section!));
            var theirs = Fields(part.Original, original.Section!, original.Value + at, right,
                part.Original.RelocationsOf(original.Section!));
            if (DifferentBytes(left, right, mine, theirs) is not null)
            {
                return false;
            }

            at = end;
        }

        return at == (ulong)length;
    }

    private Objection? Numbered(Part part, ElfSymbol symbol, ElfSymbol original)
    {
        if (symbol.Section!.IsCode)
        {
            return Alike(part.Patched, symbol).Count == 1 && Alike(part.Original, original).Count == 1 ? null
                : IsUnchanged(part, symbol, original) || _replaced.Contains((part, symbol.Section, symbol.Value)) ? null
                : Doubt(part, symbol, original);
        }

        // Debugging information has the last word: a name, the function it is declared in, a type.
        if (Variable(part.PatchedDebug, symbol) is { } after && Variable(part.OriginalDebug, original) is { } before)
        {
            return after.Name == before.Name && after.Function == before.Function ? null
                : new Objection($", which is {before.Name} of {before.Function ?? "the file"}, and the object means {after.Name} of {after.Function ?? "the file"}");
        }

        if (Alike(part.Patched, symbol).Count == 1 && Alike(part.Original, original).Count == 1)
        {
            return null;
        }

        return symbol.Size != original.Size ? new Objection(", which has another size") : Doubt(part, symbol, original);
    }

    private Objection? Doubt(Part part, ElfSymbol symbol, ElfSymbol original)
    {
        _ = _unconfirmed.Add($"{part.Source.Path}: {symbol.Name} is {original.Name}");
        return null;
    }

    private static bool AreOneVariable(Part part, ElfSymbol symbol, ElfSymbol original) =>
        Variable(part.PatchedDebug, symbol) is { } after && Variable(part.OriginalDebug, original) is { } before
        && DwarfMeaning.AreInterchangeable(after.Type, before.Type) && after.Function == before.Function;

    private static DwarfVariable? Variable(DwarfObject debug, ElfSymbol symbol) =>
        debug.PlacedVariables.FirstOrDefault(item => item.Section == symbol.Section && item.Offset == symbol.Value);

    private static List<ElfSymbol> Alike(LoadedFile file, ElfSymbol symbol)
    {
        var source = SymbolNames.Base(symbol.Name);
        return [.. file.Elf.Symbols.Where(item => item.Section is { } section && section.IsCode == symbol.Section!.IsCode
            && item.Type == symbol.Type
            && SymbolNames.Base(item.Name) == source)];
    }

    /// <summary>True for the padding before the function of that name, which some of the target's own code counts from.</summary>
    private bool IsPrefixOf(Part part, KernelPlace place, string name) =>
        SymbolsOf(part.Owner)?.Symbols.Any(symbol => symbol.Address == place.Address && symbol.Name.EndsWith(name, StringComparison.Ordinal)
            && _architecture.Entry.IsPrefixSymbol(symbol.Name)) == true;

    /// <summary>Null when a name and position find the original's symbol in the target; else why not, as the end of a sentence.</summary>
    private string? WrongPlace(Part part, ElfSymbol original, string name, ulong position, bool count)
    {
        var all = SymbolsOf(part.Owner)?.Find(name) ?? [];
        if (position == 0 ? all.Count != 1 : position > (ulong)all.Count)
        {
            return $", and {part.Owner} has {all.Count} symbols of that name";
        }

        var chosen = all[position == 0 ? 0 : (int)position - 1];
        var isGlobal = original.Binding != ElfSymbolBinding.Local;
        if (chosen.IsGlobal != isGlobal && chosen.TypeCharacter is not ('A' or 'a'))
        {
            return $", which is a {(chosen.IsGlobal ? "global" : "static")} one, and the object's is {(isGlobal ? "global" : "static")}";
        }

        if (isGlobal)
        {
            return null;
        }

        if (!_evidence.TryGetValue(part, out var evidence))
        {
            _evidence.Add(part, evidence = new KernelEvidence(part, _target, SymbolsOf(part.Owner)));
        }

        var place = new KernelPlace(part.Owner == ModuleName.Vmlinux ? null : chosen.Section, chosen.Address);
        switch (evidence.PlacesOf(original, name))
        {
            case [] when all.Count > 1:
                _ = count && _unconfirmed.Add($"{part.Source.Path}: {name} at position {position} of {all.Count}");
                return null;
            case []:
                return null;
            case var places when places.Contains(place) || places.Any(found => IsPrefixOf(part, found, name)):
                _positions += count ? 1 : 0;
                return places.Count == 1 ? null : count && _unconfirmed
                    .Add($"{part.Source.Path}: {name} at position {position} of {all.Count}") ? null : null;
            case var places:
                return $", where the target has another one: its own code uses the one at {places[0]}";
        }
    }
}

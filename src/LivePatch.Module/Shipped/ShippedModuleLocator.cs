using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Shipped;

/// <summary>
/// Tells a module's symbols of equal names apart by finding one object's code in the shipped module file.
///
/// The problem: a module made of several objects has one symbol table, in which a static name may occur once per
/// object. The FILE symbols in front of them hold only base names, and two directories may have files of one name.
///
/// The object is compiled once more as it was shipped, and its code sections are looked for in the sections of the same
/// name. A relocatable link copies bytes and moves relocations: at the right place every byte is equal, and every
/// relocation of the object has its counterpart at the same distance, of the same type, against the same name where
/// it has one. The counterparts then say where the object's other sections lie, data included; what they disagree on is
/// not used. Where nothing matches there is no answer, unless the module has only one FILE symbol of the object's name.
/// </summary>
/// <param name="shipped">Gives the object compiled with the kernel's own flags; asked only when a name is ambiguous.</param>
/// <param name="module">The shipped .ko.</param>
/// <param name="architecture">The machine.</param>
public sealed class ShippedModuleLocator(Func<ElfObject> shipped, ElfObject module, IArchitecture architecture) : ISymbolLocator
{
    private readonly Lazy<ElfObject> _shipped = new(shipped);
    private ShippedCode? _code;
    private readonly Dictionary<(int Section, ulong Offset), ElfRelocation> _moduleRelocations = [];
    private Dictionary<ElfSection, (ElfSection Section, ulong Offset)>? _places;

    /// <inheritdoc/>
    public SymbolPlace? PlaceOf(SymbolRequest request)
    {
        var candidates = _shipped.Value.FindSymbols(request.Name).Where(static symbol => symbol.Section is not null).ToList();
        if (candidates.Count != 1)
        {
            return null;
        }

        _places ??= FindPlaces();
        return _places.TryGetValue(candidates[0].Section!, out var place)
            ? Confirmed(request.Name, place.Section, place.Offset + candidates[0].Value)
            : ByFile(request.Name, candidates[0]);
    }

    private SymbolPlace? Confirmed(string name, ElfSection section, ulong offset) =>
        module.FindSymbols(name).Any(symbol => symbol.Section == section && symbol.Value == offset)
            && module.Sections.Count(other => other.Name == section.Name) == 1
            ? new SymbolPlace(offset, section.Name)
            : null;

    /// <summary>The one symbol of that name under the one FILE symbol of the object's name.</summary>
    private SymbolPlace? ByFile(string name, ElfSymbol wanted)
    {
        var file = _shipped.Value.Symbols.FirstOrDefault(static symbol => symbol.Type == ElfSymbolType.File)?.Name;
        if (file is null || wanted.Binding != ElfSymbolBinding.Local
            || module.Symbols.Count(symbol => symbol.Type == ElfSymbolType.File && symbol.Name == file) != 1)
        {
            return null;
        }

        ElfSymbol? found = null;
        string? current = null;
        foreach (var symbol in module.Symbols)
        {
            if (symbol.Type == ElfSymbolType.File)
            {
                current = symbol.Name;
            }
            else if (current == file && symbol.Name == name && symbol is { Section: not null, Binding: ElfSymbolBinding.Local })
            {
                if (found is not null)
                {
                    return null;
                }

                found = symbol;
            }
        }

        return found is null ? null : Confirmed(name, found.Section!, found.Value);
    }

    private Dictionary<ElfSection, (ElfSection Section, ulong Offset)> FindPlaces()
    {
        foreach (var section in module.Sections)
        {
            foreach (var relocation in section.Relocations)
            {
                _moduleRelocations.TryAdd((section.Index, relocation.Offset), relocation);
            }
        }

        var places = new Dictionary<ElfSection, (ElfSection Section, ulong Offset)>();
        var contradicted = new HashSet<ElfSection>();
        var queue = new Queue<ElfSection>();
        foreach (var section in _shipped.Value.Sections.Where(static section => section is { IsCode: true, Size: > 0 }))
        {
            if (PlaceOfCode(section) is { } place)
            {
                places.Add(section, place);
                queue.Enqueue(section);
            }
        }

        while (queue.TryDequeue(out var section))
        {
            if (Matches(section, places[section]))
            {
                AddReferenced(section, places, contradicted, queue);
            }
        }

        foreach (var section in contradicted)
        {
            places.Remove(section);
        }

        return places;
    }

    private (ElfSection Section, ulong Offset)? PlaceOfCode(ElfSection section)
    {
        // Every function must have its symbol there; two objects with the same code may differ in one name.
        HashSet<(ElfSection Section, ulong Offset)>? places = null;
        foreach (var function in _shipped.Value.Symbols.Where(symbol => symbol.Section == section && symbol.Type == ElfSymbolType.Function))
        {
            var found = module.FindSymbols(function.Name)
                .Where(symbol => symbol.Section is { } there && there.Name == section.Name && symbol.Value >= function.Value)
                .Select(symbol => (symbol.Section!, symbol.Value - function.Value));
            if (places is null)
            {
                places = [.. found];
            }
            else
            {
                places.IntersectWith(found);
            }
        }

        var matching = places?.Where(place => Matches(section, place)).ToList();
        return matching is [var only] ? only : null;
    }

    private bool Matches(ElfSection section, (ElfSection Section, ulong Offset) place)
    {
        if (section.Type == ElfConstants.ShtNobits || place.Section.Type == ElfConstants.ShtNobits)
        {
            return section.Type == place.Section.Type;
        }

        var there = place.Section.Data.Span;
        if ((ulong)there.Length < place.Offset || !Code.IsSame(section, there[(int)place.Offset..]))
        {
            return false;
        }

        foreach (var relocation in section.Relocations)
        {
            if (Code.IsGone(section, relocation.Offset, there[(int)place.Offset..]))
            {
                continue;
            }

            if (!_moduleRelocations.TryGetValue((place.Section.Index, place.Offset + relocation.Offset), out var counterpart)
                || !architecture.Relocations.AreEquivalent(relocation.Type, counterpart.Type)
                || (relocation.Symbol.Type != ElfSymbolType.Section && relocation.Symbol.Name != counterpart.Symbol.Name))
            {
                return false;
            }
        }

        return true;
    }

    private ShippedCode Code => _code ??= new ShippedCode(_shipped.Value, architecture);

    private void AddReferenced(
        ElfSection section,
        Dictionary<ElfSection, (ElfSection Section, ulong Offset)> places,
        HashSet<ElfSection> contradicted,
        Queue<ElfSection> queue)
    {
        var (there, start) = places[section];
        foreach (var relocation in section.Relocations)
        {
            if (Code.IsGone(section, relocation.Offset, there.Data.Span[(int)start..]))
            {
                continue;
            }

            // The linker folds merged literals, so their sections have no one place.
            var counterpart = _moduleRelocations[(there.Index, start + relocation.Offset)];
            if (relocation.Symbol.Section is not { } target || (target.Flags & ElfConstants.ShfMerge) != 0
                || counterpart.Symbol.Section is not { } targetThere)
            {
                continue;
            }

            var offset = (long)counterpart.Symbol.Value + counterpart.Addend - (long)relocation.Symbol.Value - relocation.Addend;
            var place = (targetThere, (ulong)offset);
            if (offset < 0 || (places.TryGetValue(target, out var known) && known != place))
            {
                contradicted.Add(target);
            }
            else if (places.TryAdd(target, place))
            {
                queue.Enqueue(target);
            }
        }
    }
}

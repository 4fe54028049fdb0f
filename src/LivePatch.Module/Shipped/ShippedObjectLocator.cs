using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Shipped;

/// <summary>
/// Tells symbols of equal names apart by finding one object's code in the shipped image.
///
/// The problem: the image's symbol list has names and addresses, but not which source file a static symbol comes from,
/// and names like "show" occur dozens of times. Counting files in link order would need the original link. Instead
/// the object is compiled once more exactly as the kernel was (no section per function), and its code is looked for
/// where a function of it may be: every byte outside relocated fields must be equal (<see cref="ShippedCode"/>). That fixes the place of
/// the whole code section; the relocated fields then hold the addresses of everything the code uses, variables included, since
/// the linker wrote them. All fields that name one section must agree on where it is.
///
/// It proves, beyond the name, that the image was built from this source by this compiler. Where the bytes differ it
/// has no answer, and the caller refuses.
/// </summary>
/// <param name="shipped">The object compiled with the kernel's own flags.</param>
/// <param name="image">The target's image with its bytes.</param>
/// <param name="symbols">The image's symbols.</param>
/// <param name="architecture">The machine.</param>
public sealed class ShippedObjectLocator(
    ElfObject shipped, ElfObject image, KernelSymbolTable symbols, IArchitecture architecture) : ISymbolLocator
{
    private readonly ShippedCode _code = new(shipped, architecture);
    private Dictionary<ElfSection, ulong>? _bases;

    /// <inheritdoc/>
    public SymbolPlace? PlaceOf(SymbolRequest request)
    {
        _bases ??= FindBases();
        var candidates = shipped.FindSymbols(request.Name).Where(static symbol => symbol.Section is not null).ToList();
        if (candidates.Count != 1 || !_bases.TryGetValue(candidates[0].Section!, out var start))
        {
            return null;
        }

        var address = start + candidates[0].Value;
        return symbols.Find(request.Name).Any(symbol => symbol.Address == address) ? new SymbolPlace(address, null) : null;
    }

    /// <summary>Where each of the object's sections lies in the image, as far as that is certain.</summary>
    private Dictionary<ElfSection, ulong> FindBases()
    {
        var bases = new Dictionary<ElfSection, ulong>();
        foreach (var section in shipped.Sections.Where(static section => section is { IsCode: true, Size: > 0 }))
        {
            if (PlaceOf(section) is { } start)
            {
                bases[section] = start;
            }
        }

        foreach (var (section, start) in bases.ToList())
        {
            AddReferenced(section, start, bases);
        }

        return bases;
    }

    private ulong? PlaceOf(ElfSection section)
    {
        var places = new HashSet<ulong>();
        foreach (var function in shipped.Symbols.Where(symbol => symbol.Section == section && symbol.Type == ElfSymbolType.Function))
        {
            var found = symbols.Find(function.Name);
            foreach (var candidate in found)
            {
                var start = candidate.Address - function.Value;
                if (!places.Contains(start) && Matches(section, start))
                {
                    places.Add(start);
                }
            }

            // One function is enough when it decides; two places that both match decide nothing.
            if (places.Count > 0)
            {
                break;
            }
        }

        return places.Count == 1 ? places.First() : null;
    }

    private bool Matches(ElfSection section, ulong start)
    {
        var there = image.ReadAddress(start, (int)section.Size).Span;
        return !there.IsEmpty && _code.IsSame(section, there);
    }

    private void AddReferenced(ElfSection section, ulong start, Dictionary<ElfSection, ulong> bases)
    {
        var there = image.ReadAddress(start, (int)section.Size).Span;
        var contradicted = new HashSet<ElfSection>();
        foreach (var relocation in section.Relocations)
        {
            if (relocation.Symbol.Section is not { } target || _code.IsGone(section, relocation.Offset, there)
                || architecture.Relocations.SymbolAddress(
                    relocation, start + relocation.Offset, there[(int)relocation.Offset..]) is not { } address)
            {
                continue;
            }

            // The linker folds merged literals, so their sections have no one place.
            if ((target.Flags & ElfConstants.ShfMerge) != 0)
            {
                continue;
            }

            var targetBase = address - relocation.Symbol.Value;
            if (bases.TryGetValue(target, out var known) && known != targetBase)
            {
                contradicted.Add(target);
            }

            bases.TryAdd(target, targetBase);
        }

        foreach (var target in contradicted)
        {
            bases.Remove(target);
        }
    }
}

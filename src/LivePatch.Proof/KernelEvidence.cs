using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Proof;

/// <summary>
/// Where the target has a static symbol of an object, told by the target's own bytes.
///
/// Names of static symbols repeat over a kernel. Two things in the target tell which is meant. A function's code lies there: of the
/// places with its name one has the object's original code. And other functions use it: where the target has the original code of a
/// function whose name is its own, the fields of that code hold what the linker filled in, so that each tells where something else of the
/// object lies. Code is compared instruction by instruction, addresses left out; where it differs (other sections move short jumps) what
/// comes behind tells nothing. No evidence is no answer; the one who asks says so.
/// </summary>
internal sealed class KernelEvidence(Part part, IProofTarget target, KernelSymbolTable? symbols)
{
    private const int EnoughWitnesses = 3;

    private readonly Dictionary<(ElfSection Section, ulong Start), List<KernelPlace>> _known = [];
    private readonly bool _isImage = part.Owner == ModuleName.Vmlinux;
    private readonly ElfObject? _file = part.Owner == ModuleName.Vmlinux ? null : target.FindModule(part.Owner)?.File;
    private readonly Dictionary<ElfSection, ElfRelocationLookup> _relocations = [];
    private readonly Dictionary<ElfSymbol, ulong[]> _ends = [];
    private ILookup<(ElfSection Section, ulong Start), (ElfSymbol Function, ElfRelocation Relocation)>? _users;

    /// <summary>The places it may be at: one when the evidence agrees, none when there is none.</summary>
    public IReadOnlyList<KernelPlace> PlacesOf(ElfSymbol original, string name)
    {
        var key = (original.Section!, original.Value);
        if (!_known.TryGetValue(key, out var places))
        {
            _known.Add(key, places = Find(original, name));
        }

        return places;
    }

    private List<KernelPlace> Find(ElfSymbol original, string name)
    {
        if (symbols is null)
        {
            return [];
        }

        var all = symbols.Find(name);
        if (original.Section!.IsCode && original.Size > 0)
        {
            var same = all.Select(Place).Where(place => Walk(original, place, original.Value + original.Size, true) is not null).ToList();
            if (same.Count == 1)
            {
                return same;
            }
        }

        _users ??= Users();
        var found = new Dictionary<KernelPlace, int>();
        foreach (var (function, relocation) in _users[(original.Section!, original.Value)])
        {
            if (symbols.Find(function.Name) is [var only] && only.IsGlobal == (function.Binding != ElfSymbolBinding.Local)
                && Walk(function, Place(only), relocation.Offset, false) is { } place)
            {
                var begin = place with { Address = place.Address - Inside(original, relocation, function) };
                found[begin] = found.GetValueOrDefault(begin) + 1;
                if (found.Count == 1 && found[begin] == EnoughWitnesses)
                {
                    break;
                }
            }
        }

        // Of several of the name one must be meant; that the only one is another file's takes two who agree.
        return all.Count > 1
            ? [.. found.Keys.Where(place => all.Any(symbol => Place(symbol) == place)).OrderByDescending(place => found[place])]
            : [.. found.Where(item => item.Value > 1 || all.Any(symbol => Place(symbol) == item.Key))
                .OrderByDescending(static item => item.Value).Select(static item => item.Key)];
    }

    private KernelPlace Place(KernelSymbol symbol) => new(_isImage ? null : symbol.Section, symbol.Address);

    /// <summary>How far behind the symbol's start the field of a use leads.</summary>
    private ulong Inside(ElfSymbol original, in ElfRelocation relocation, ElfSymbol function) =>
        (ulong)(part.Original.Resolve(relocation, Beyond(function, relocation)).Offset - (long)original.Value);

    private long Beyond(ElfSymbol function, in ElfRelocation relocation)
    {
        var at = relocation.Offset - function.Value;
        var ends = Ends(function);
        var index = Array.BinarySearch(ends, at + 1);
        index = index < 0 ? ~index : index;
        return index < ends.Length ? (long)(ends[index] - at) : 0;
    }

    private ulong[] Ends(ElfSymbol function)
    {
        if (!_ends.TryGetValue(function, out var ends))
        {
            _ends.Add(function, ends = target.Architecture.Instructions.Ends(LoadedFile
                .Bytes(function.Section!, (long)function.Value, (long)function.Size)));
        }

        return ends;
    }

    private ILookup<(ElfSection Section, ulong Start), (ElfSymbol Function, ElfRelocation Relocation)> Users()
    {
        var result = new List<((ElfSection Section, ulong Start) Key, (ElfSymbol Function, ElfRelocation Relocation) Use)>();
        foreach (var code in part.Original.Elf.Sections.Where(static section => section.IsCode))
        {
            foreach (var relocation in part.Original.RelocationsOf(code).All)
            {
                var user = part.Original.Symbols.FindContaining(code, relocation.Offset);
                if (relocation.Symbol.Section is not { IsAllocated: true } section
                    || (section.IsStrings && relocation.Symbol.Type == ElfSymbolType.Section)
                    || user is not { Type: ElfSymbolType.Function, Size: > 0 } function)
                {
                    continue;
                }

                var symbol = relocation.Symbol.Type != ElfSymbolType.Section
                    ? relocation.Symbol
                    : part.Original.Resolve(relocation, Beyond(function, relocation)) is { Offset: >= 0 and var place }
                        ? part.Original.Symbols.FindContaining(section, (ulong)place) : null;
                if (symbol is not null)
                {
                    result.Add(((section, symbol.Value), (function, relocation)));
                }
            }
        }

        return result.ToLookup(static item => item.Key, static item => item.Use);
    }

    /// <summary>Follows the original code of a function in the target.</summary>
    /// <param name="function">The function.</param>
    /// <param name="place">Where the target has it, or may have it.</param>
    /// <param name="until">The field to read, in the function's section; or its end.</param>
    /// <param name="isWhole">True to follow it to its end.</param>
    /// <returns>Where the field leads; for a whole function its place. Null when the target has other code.</returns>
    private KernelPlace? Walk(ElfSymbol function, KernelPlace place, ulong until, bool isWhole)
    {
        var architecture = target.Architecture;
        var code = LoadedFile.Bytes(function.Section!, (long)function.Value, (long)function.Size);
        var there = Read(place, code.Length);
        if (there.Length < code.Length)
        {
            return null;
        }

        var relocations = part.Original.RelocationsOf(function.Section!);
        ulong at = 0;
        foreach (var end in Ends(function))
        {
            var left = code[(int)at..(int)end];
            var right = there[(int)at..(int)end];
            var distance = architecture.Branches.Field(left);
            var fields = relocations.InRange(function.Value + at, function.Value + end);
            var isNop = architecture.Branches.NopForJump(left, right) > 0 || fields.Length > 0
                && target.Catalog.IsTracer(fields[0].Symbol.Name);
            for (var index = 0; index < left.Length && !isNop; index++)
            {
                if (left[index] != right[index] && !IsField(index, distance, fields, function.Value + at))
                {
                    return null;
                }
            }

            foreach (var field in isNop ? [] : fields)
            {
                if (architecture.Relocations.Find(field.Type) is not { Width: > 0 } info)
                {
                    continue;
                }

                var offset = field.Offset - function.Value;
                var leads = Leads(place, offset, info.Width, info.IsPcRelative, (long)(end - offset), there);
                if (!isWhole && field.Offset == until)
                {
                    return leads;
                }

                // What the object does not define and the kernel has once must be there.
                if (_isImage && leads is { } reached && field.Symbol.IsUndefined
                    && symbols!.Find(field.Symbol.Name) is [{ TypeCharacter: not ('A' or 'a') } only]
                    && (long)reached.Address != (long)only.Address + part.Original.Resolve(field, (long)(end - offset)).Offset)
                {
                    return null;
                }
            }

            at = end;
        }

        return isWhole && at == (ulong)code.Length ? place : null;
    }

    private bool IsField(int index, Kernel.Architecture.PcRelativeField? distance, ReadOnlySpan<ElfRelocation> relocations, ulong start)
    {
        if (distance is { } field && index >= field.Offset && index < field.Offset + field.Width)
        {
            return true;
        }

        foreach (var relocation in relocations)
        {
            var offset = (long)(relocation.Offset - start);
            if (index >= offset && index < offset + (target.Architecture.Relocations.Find(relocation.Type)?.Width ?? 0))
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> Read(KernelPlace place, int length) =>
        _isImage ? target.Image.ReadAddress(place.Address, length).Span
        : _file?.FindSection(place.Section ?? string.Empty) is { } section ? LoadedFile.Bytes(section, (long)place.Address, length)
        : [];

    private KernelPlace? Leads(KernelPlace place, ulong offset, int width, bool isDistance, long beyond, ReadOnlySpan<byte> code)
    {
        if (_isImage)
        {
            var bytes = code.Slice((int)offset, width);
            var value = width == 8 ? System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(bytes)
                : width == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(bytes) : (long?)null;
            return value is not { } number ? null
                : isDistance ? new KernelPlace(null, place.Address + offset + (ulong)beyond + (ulong)number)
                    : new KernelPlace(null, (ulong)number);
        }

        var section = _file?.FindSection(place.Section ?? string.Empty);
        if (section is null)
        {
            return null;
        }

        if (!_relocations.TryGetValue(section, out var lookup))
        {
            _relocations.Add(section, lookup = new ElfRelocationLookup(section));
        }

        if (lookup.At(place.Address + offset) is not { } relocation)
        {
            return isDistance
                ? new KernelPlace(section.Name,
                    place.Address + offset + (ulong)beyond + (ulong)(long)System.Buffers.Binary.BinaryPrimitives
                    .ReadInt32LittleEndian(code[(int)offset..]))
                : null;
        }

        return relocation.Symbol.Section is { } reached
            ? new KernelPlace(reached.Name, (ulong)((long)relocation.Symbol.Value + relocation.Addend + (isDistance ? beyond : 0)))
            : null;
    }
}

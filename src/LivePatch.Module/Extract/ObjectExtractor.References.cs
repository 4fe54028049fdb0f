using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel;
using LivePatch.Kernel.Special;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Extract;

/// <summary>Turning references into relocations.</summary>
public sealed partial class ObjectExtractor
{
    private void Relocate(Atom atom)
    {
        var (section, start) = _places[atom];
        foreach (var reference in atom.References)
        {
            if (_turnedOff.Exists(item => item.Atom == atom && reference.Offset >= item.Start && reference.Offset < item.End))
            {
                continue;
            }

            var type = reference.Relocation.Type;
            if (_pair.Patched.Architecture.Relocations.IsNothing(type))
            {
                // A nop-ed tracer call was made a call again and needs its target; other NONE relocations say nothing.
                if (atom.FtraceSite is { } site && _pair.Patched.Architecture.Entry.IsAtSite(reference.Offset, site)
                    && Outside(atom, reference) is { } tracer
                    && _pair.Patched.Architecture.Entry.RestoreCall(atom.Bytes.ToArray(), site) is { } call)
                {
                    section.Relocations.Add(new ElfRelocationDraft(start + site + call.FieldOffset, call.Type, tracer, call.Addend));
                }

                continue;
            }

            if (Target(atom, reference) is { } target)
            {
                // A branch that cannot reach leads to a jump beside the code, which can; several may lead to one.
                if (_secondary.Contains((atom, reference.Offset)))
                {
                    continue;
                }

                var place = _stubs.TryGetValue((atom, reference.Offset), out var stub) ? stub : start + reference.Offset;
                section.Relocations.Add(new ElfRelocationDraft(place, type, target.Symbol, target.Addend));
            }
        }
    }

    private (ElfSymbolDraft Symbol, long Addend)? Target(Atom from, in Reference reference)
    {
        var relocation = reference.Relocation;
        if (reference.Target is not { } target)
        {
            return Outside(from, reference) is { } outside ? (outside, relocation.Addend) : null;
        }

        // What the relocation's own arithmetic adds beyond symbol and addend (the distance to the instruction's end) stays.
        var symbolBase = (long)relocation.Symbol.Value + relocation.Addend;
        if (target.Kind == AtomKind.Literals)
        {
            var literal = Literals.Of(reference);
            var (output, offset) = PlaceLiteral(literal);
            return (output.Symbol(_builder), (long)offset + literal.Inner + symbolBase - reference.TargetOffset);
        }

        var inAtom = symbolBase - (long)target.Start;
        var isPointer = _replaced.Contains(target) && IsPointerTo(from, reference, target);
        if (_places.TryGetValue(target, out var place) && !isPointer)
        {
            if (reference.Bias != 0 && reference.Bias == _pair.Patched.Architecture.Image.PhysicalAddressBias)
            {
                _diagnostics.Add(ModuleDiagnostics.PhysicalAddress.At(
                    Where(from, reference),
                    $"It computes the physical address of {target.Name}, which lies in the module, where memory is not mapped as the "
                        + $"kernel's image is."));
                return null;
            }

            // What leads into a function is written as assemblers do: objtool takes a function's symbol for a call of it. The unlikely part
            // of a function is one in the symbol table only: a jump to its start, with the function's frame on the stack, is no call
            // either.
            var isInside = target is { Kind: AtomKind.Function, Symbol: not null }
                && (reference.TargetOffset != (long)target.EntryOffset || target.Name.Contains(".cold", StringComparison.Ordinal));
            return !isInside && _symbols.TryGetValue(target, out var symbol)
                ? (symbol, inAtom - (long)(symbol.Value - place.Offset))
                : (place.Section.Symbol(_builder), inAtom + (long)place.Offset);
        }

        if (Running(from, reference, target) is not { } running)
        {
            return null;
        }

        return (running, inAtom - (long)target.EntryOffset);
    }

    /// <summary>True when a reference takes a function's address, as against calling it or jumping to it.</summary>
    private bool IsPointerTo(Atom from, in Reference reference, Atom target)
    {
        if (target.Kind != AtomKind.Function || from.Kind == AtomKind.Attachment
            || reference.TargetOffset != (long)target.EntryOffset)
        {
            return false;
        }

        return !(from.Kind == AtomKind.Function && _pair.Patched.IsBranch(from, reference)) && !GainsLandingPad(target);
    }

    /// <summary>
    /// True when the function may be the target of an indirect branch only as it is after the patch: compilers give a
    /// static function a landing pad with its first pointer. A pointer to the running one would fault on machines that check.
    /// </summary>
    private bool GainsLandingPad(Atom patched)
    {
        var pad = _pair.Patched.Architecture.Entry.LandingPad.Span;
        return !pad.IsEmpty && HasPad(patched, pad) && !HasPad(_diff.Correlation!.OriginalOf(patched)!, pad);

        static bool HasPad(Atom function, ReadOnlySpan<byte> pad) =>
            function.Bytes[(int)function.EntryOffset..].StartsWith(pad);
    }

    /// <summary>A literal's place in the output: each once and whole, in a section of the same kind.</summary>
    private (OutputSection Section, ulong Offset) PlaceLiteral(in Literal literal)
    {
        var source = literal.Section.Section;
        var content = literal.Content;
        var key = $"{source.Name}\0{Convert.ToHexString(content)}";
        if (!_literals.TryGetValue(key, out var place))
        {
            // Several sections may share a name and not all be of one kind; what is longer than an entry must not be merged by entries.
            var isWhole = source.IsStrings || (ulong)content.Length == source.EntrySize;
            var section = isWhole
                ? Shared(source.Name, source.Type, source.Flags, source.Alignment, source.EntrySize)
                : Shared(".rodata.klp_constants", source.Type, source.Flags & ~ElfConstants.ShfMerge, source.Alignment, 0);
            section.Draft.Alignment = Math.Max(section.Draft.Alignment, source.Alignment);
            place = (section, section.Append(content, (ulong)content.Length, source.Alignment));
            _literals.Add(key, place);
        }

        return place;
    }

    private ElfSymbolDraft? Outside(Atom from, in Reference reference)
    {
        var symbol = reference.Relocation.Symbol;
        if (symbol.Index == 0 || symbol.Section is not null)
        {
            _diagnostics.Add(Diff.DiffDiagnostics.UnresolvedReference.At(
                Where(from, reference), $"It refers to {symbol.DisplayName} in a section that is not loaded."));
            return null;
        }

        if (symbol.IsAbsolute)
        {
            return AddOutside(symbol.Name, symbol.Binding, symbol.Value, ElfConstants.ShnAbs);
        }

        return Resolved(from, new SymbolRequest(symbol.Name, false, symbol.Binding == ElfSymbolBinding.Weak, null, Where(from, reference))
        {
            TakesAddress = _pair.Patched.IsPointer(from, reference),
        });
    }

    /// <summary>The running kernel's own copy of an atom that is not copied.</summary>
    private ElfSymbolDraft? Running(Atom from, in Reference reference, Atom target)
    {
        var original = _diff.Correlation!.OriginalOf(target);
        if (original?.Symbol is not { } symbol)
        {
            _diagnostics.Add(Diff.DiffDiagnostics.UnresolvedReference.At(
                Where(from, reference), $"It refers to {target.Name}, which is neither copied nor known to the running kernel."));
            return null;
        }

        return Resolved(from, new SymbolRequest(symbol.Name, symbol.Binding == ElfSymbolBinding.Local, false, original, Where(from, reference))
        {
            TakesAddress = _pair.Patched.IsPointer(from, reference),
        });
    }

    private ElfSymbolDraft? Resolved(Atom from, SymbolRequest request)
    {
        switch (_resolver.Resolve(request, _diagnostics))
        {
            case SymbolResolution.Exported exported:
                if (exported.Namespace is not null)
                {
                    _namespaces.Add(exported.Namespace);
                }

                NameStaticCallKey(request);
                return AddOutside(request.Name, request.IsWeak ? ElfSymbolBinding.Weak : ElfSymbolBinding.Global, 0, ElfConstants.ShnUndef);
            case SymbolResolution.Constant constant:
                return AddOutside(request.Name, ElfSymbolBinding.Local, constant.Value, ElfConstants.ShnAbs);
            case SymbolResolution.Sibling sibling:
                _siblingUses.Add((from, sibling.LinkName));
                return AddOutside(sibling.LinkName, ElfSymbolBinding.Global, 0, ElfConstants.ShnUndef);
            case SymbolResolution.Absent:
                return AddOutside(request.Name, ElfSymbolBinding.Weak, 0, ElfConstants.ShnUndef);
            case SymbolResolution.Klp klp:
                var pending = new PendingSymbolName(_objectName, klp.ObjectName, klp.Name, klp.Sympos);
                if (pending.SectionObject != ModuleName.Vmlinux && from.Class is SectionClass.SpecialTable or SectionClass.OutOfLineCode)
                {
                    _diagnostics.Add(ModuleDiagnostics.LateTableReference.At(
                        request.Place,
                        $"Its entry in {from.Section.Name} refers to {request.Name}, which is only known once the module "
                            + $"{klp.ObjectName} is loaded."));
                    return null;
                }

                if (pending.SectionObject != ModuleName.Vmlinux)
                {
                    _late.TryAdd(from, request.Name);
                }

                _klpSymbols.TryAdd(pending.KlpName, klp);
                return AddOutside(pending.ToString(), ElfSymbolBinding.Weak, 0, ElfConstants.ShnUndef);
            default:
                return null;
        }
    }

    /// <summary>
    /// Names the key of a static call beside its trampoline. Where objtool makes the module's table of static calls, it takes the key when
    /// the file has a symbol of that name; else the trampoline, which the kernel translates only for keys that are not
    /// exported (tools/objtool/check.c, create_static_call_sections; kernel/static_call_inline.c, tramp_key_lookup; Linux 6.12).
    /// </summary>
    private void NameStaticCallKey(SymbolRequest request)
    {
        if (!request.Name.StartsWith(StaticCallTrampoline, StringComparison.Ordinal))
        {
            return;
        }

        var key =
            request with { Name = StaticCallKey + request.Name[StaticCallTrampoline.Length..], Original = null, IsLocal = false, IsWeak = false };
        if (_resolver.Resolve(key, []) is SymbolResolution.Exported exported)
        {
            if (exported.Namespace is not null)
            {
                _namespaces.Add(exported.Namespace);
            }

            AddOutside(key.Name, ElfSymbolBinding.Global, 0, ElfConstants.ShnUndef);
        }
    }

    // include/linux/static_call_types.h
    private const string StaticCallTrampoline = "__SCT__";
    private const string StaticCallKey = "__SCK__";

    private ElfSymbolDraft AddOutside(string name, ElfSymbolBinding binding, ulong value, ushort index)
    {
        if (!_outside.TryGetValue(name, out var symbol))
        {
            symbol = _builder.AddSymbol(name);
            symbol.Binding = binding;
            symbol.Value = value;
            symbol.ReservedIndex = index;
            _outside.Add(name, symbol);
        }

        return symbol;
    }

    private DiagnosticLocation Where(Atom from, in Reference reference)
    {
        // Table entries are named by the function they belong to.
        var owner = from.Kind == AtomKind.Attachment && from.Parent is { Symbol: not null } parent ? parent : from;
        return owner.Symbol is { } symbol
            ? DiagnosticLocation.InSymbol(
                _pair.Patched.Name, symbol.Name, owner == from ? reference.Offset - (symbol.Value - owner.Start) : null)
            : DiagnosticLocation.InSection(_pair.Patched.Name, from.Section.Name, from.Start + reference.Offset);
    }

    /// <summary>Functions the compiler gave a tracer call but no entry in the table of sites get one: objects that
    /// objtool has not seen, as clang's, have none.</summary>
    private void AddFtraceSites()
    {
        var special = _pair.Patched.Catalog.Sections.FirstOrDefault(static section => section.Rule == SpecialSectionRule.FtraceSites);
        if (special is null)
        {
            return;
        }

        foreach (var atom in _diff.Selection.Atoms)
        {
            if (atom.FtraceSite is not { } site
                || atom.Attachments.Any(entry => entry.Section.Name == special.Name && _places.ContainsKey(entry)))
            {
                continue;
            }

            var size = special.FixedEntrySize ?? 8;
            var table = Shared(special.Name, ElfConstants.ShtProgbits, ElfConstants.ShfAlloc, (ulong)size, 0);
            var offset = table.Append(new byte[size], (ulong)size, (ulong)size);
            var symbol = _symbols[atom];
            table.Relocations.Add(new ElfRelocationDraft(
                offset, _pair.Patched.Architecture.Relocations.Address, symbol, (long)(site - (symbol.Value - _places[atom].Offset))));
        }
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;

namespace LivePatch.Proof;

/// <summary>Whether two addresses, one of the object and one of the module, mean the same.</summary>
public sealed partial class ModuleProof
{
    /// <summary>Compares, and refuses what is not the same.</summary>
    private void Match(Part part, in Address said, in Address done, in Use use)
    {
        if (WhyNot(part, said, done, use) is { } objection)
        {
            var text = $"The patched object says {Describe(part.Patched, said)}; the module would lead to {Describe(_module, done)}{objection.Text}.";
            Refuse(objection.Kind ?? ProofDiagnostics.OtherAddress, part, use.Unit, use.Offset, text);
        }
    }

    private readonly record struct Objection(string Text, DiagnosticDescriptor? Kind = null)
    {
        public static Objection Plain { get; } = new(string.Empty);
    }

    /// <summary>Null when both mean the same. Queues what they lead to.</summary>
    private Objection? WhyNot(Part part, in Address said, in Address done, in Use use) => said switch
    {
        { IsNumber: true } => done.IsNumber && done.Offset == said.Offset ? null : Objection.Plain,
        { IsOutside: true } => MatchOutside(part, said, done, use),
        { Section.IsAllocated: false } => new Objection(", and the object's section is not loaded"),
        { Section.IsCode: true } => MatchCode(part, said, done, use),
        _ => MatchData(part, said, done, use),
    };

    private Objection? MatchCode(Part part, in Address said, in Address done, in Use use)
    {
        var section = said.Section!;
        if (said.Offset < 0 || (ulong)said.Offset >= section.Size)
        {
            return new Objection(", and the object's address lies outside its section");
        }

        var (start, end, symbol) = part.Patched.CodeAt(section, (ulong)said.Offset);
        var inside = said.Offset - (long)start;
        if (done.Section is { } there)
        {
            var place = done.Offset - inside;
            var isKnown = _code.TryGetValue((part, section, start), out var known);
            if (isKnown ? known == (there, place) : place >= 0 && there.IsCode && !(use.IsBranch && IsJumpBeside(there, done.Offset)))
            {
                _toNew += use.IsBranch && inside == 0 && _replaced.Contains((part, section, start)) ? 1 : 0;
                if (!isKnown)
                {
                    _ = PairCode(part, section, start, symbol is null ? null : end, there, place,
                        symbol?.Name ?? $"{section.Name}+0x{start:x}", symbol is not null);
                    NotePrivateCode(part, section, start, symbol);
                }

                return null;
            }

            // A branch that does not reach, or is shorter, leads to a jump beside the code.
            return use.IsBranch && Follow(there, done.Offset) is { } further ? WhyNot(part, said, further, use with { IsBranch = false })
                : Objection.Plain;
        }

        if (!done.IsOutside || symbol is null || done.Offset != inside)
        {
            return Objection.Plain;
        }

        if (inside != 0 && !IsUnchanged(part, symbol))
        {
            return new Objection(", and the kernel's function is another one inside");
        }

        _toOld += use.IsBranch && _replaced.Contains((part, section, start)) ? 1 : 0;
        return OfKernel(part, symbol, done.Symbol!);
    }

    /// <summary>True for a jump that no function begins with: one that was put beside a function for its short branches.</summary>
    private bool IsJumpBeside(ElfSection section, long place) => Follow(section, place) is not null
        && _module.NamesAt(section, (ulong)place).Count == 0
        && !_code.Values.Contains((section, place));

    private Address? Follow(ElfSection section, long place)
    {
        var length = _architecture.Branches.FarJump.Length;
        var code = LoadedFile.Bytes(section, place, length);
        var opcode = length - sizeof(int);
        return code.Length == length && code[..opcode].SequenceEqual(_architecture.Branches.FarJump[..opcode])
            && _module.RelocationsOf(section).At((ulong)(place + opcode)) is { } relocation
            ? _module.Resolve(relocation, sizeof(int))
            : null;
    }

    private Objection? MatchOutside(Part part, in Address said, in Address done, in Use use)
    {
        var name = said.Symbol!.Name;
        if (done.Section is not null)
        {
            // Another object of the patch may define it.
            foreach (var other in _parts)
            {
                if (other == part || (other.Owner != part.Owner && other.Owner != ModuleName.Vmlinux
                    && !DependsOn(part.Owner, other.Owner)))
                {
                    continue;
                }

                var definition = other.Patched.Elf.FindSymbols(name)
                    .FirstOrDefault(static symbol => symbol.Section is not null && symbol.Binding != ElfSymbolBinding.Local);
                if (definition is not null)
                {
                    return WhyNot(other, new Address(definition.Section, definition, (long)definition.Value + said.Offset), done, use);
                }
            }

            return use.IsBranch && Follow(done.Section, done.Offset) is { } further
                && _module.NamesAt(done.Section, (ulong)done.Offset).Count == 0
                ? WhyNot(part, said, further, use with { IsBranch = false })
                : new Objection(", which lies in the module, and no object of the patch defines the name");
        }

        if (done.IsNumber)
        {
            return ConstantOf(part, name) is { } value && done.Offset == (long)value + said.Offset ? null : Objection.Plain;
        }

        if (done.Offset != said.Offset)
        {
            return Objection.Plain;
        }

        var owner = BindingOf(part, name);
        if (done.Symbol!.IsLivepatch)
        {
            if (SymbolNames.ParseKlp(done.Symbol.Name) is not { } klp || klp.Name != name)
            {
                return Objection.Plain;
            }

            return owner != klp.Object
                ? new Objection($", and the name means that of {owner ?? "nothing in the target"}")
                : PositionOfGlobal(klp.Object, klp.Name, klp.Position);
        }

        if (done.Symbol.Name != name)
        {
            return Objection.Plain;
        }

        if (_target.FindExport(name) is { } export)
        {
            return owner == export.Owner ? null : new Objection($" of {export.Owner}, and the name means that of {owner}");
        }

        return owner is null && said.Symbol.Binding == ElfSymbolBinding.Weak && done.Symbol.Binding == ElfSymbolBinding.Weak
            ? null
            : new Objection(", which nothing exports");
    }

    private bool DependsOn(string module, string other) =>
        _target.FindModule(module) is { } file && file.File.Symbols.Any(symbol => symbol.IsUndefined
            && _target.FindExport(symbol.Name)?.Owner == other);

    /// <summary>The value of an absolute symbol of the kernel that stands at zero, which the livepatch core cannot look up.</summary>
    private ulong? ConstantOf(Part part, string name) =>
        BindingOf(part, name) == ModuleName.Vmlinux && _target.Symbols.Find(name) is [{ Address: 0 }] ? 0 : null;

    /// <summary>The object a global name means in code of an owner: its own before vmlinux's, that before other modules'.</summary>
    private string? BindingOf(Part part, string name)
    {
        if (part.Owner != ModuleName.Vmlinux && _target.FindModule(part.Owner) is { } own
            && own.Symbols.Find(name).Any(static symbol => symbol.IsGlobal))
        {
            return part.Owner;
        }

        if (_target.FindExport(name) is { } export)
        {
            return export.Owner;
        }

        return _target.Symbols.Find(name).Any(static symbol => symbol.IsGlobal || symbol.TypeCharacter is 'a') ? ModuleName.Vmlinux : null;
    }

    private Objection? PositionOfGlobal(string owner, string name, uint position)
    {
        var all = SymbolsOf(owner)?.Find(name) ?? [];
        if (position == 0 ? all.Count != 1 : position > all.Count)
        {
            return new Objection($", and {owner} has {all.Count} symbols of that name", ProofDiagnostics.WrongPosition);
        }

        var chosen = all[position == 0 ? 0 : (int)position - 1];
        if (all.Count > 1 && !chosen.IsGlobal)
        {
            return new Objection(", which is a static one", ProofDiagnostics.WrongPosition);
        }

        _positions += all.Count > 1 ? 1 : 0;
        return null;
    }

    private Kernel.Symbols.KernelSymbolTable? SymbolsOf(string owner) => owner == ModuleName.Vmlinux ? _target.Symbols
        : _target.FindModule(owner)?.Symbols;
}

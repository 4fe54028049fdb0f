using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;

namespace LivePatch.TestSupport;

/// <summary>
/// Tiny objects without a compiler: <c>new ElfObjectFactory().Function("f", code).Calls("f", 1, "g").Read()</c>.
/// Every function and variable has a section of its own, as -ffunction-sections -fdata-sections makes them.
/// Things are called by name; names must be unique.
/// </summary>
/// <param name="order">In which order the bytes of numbers lie.</param>
public sealed class ElfObjectFactory(ElfByteOrder order = default)
{
    private readonly Dictionary<string, ElfSymbolDraft> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ElfSectionDraft> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<ElfSectionDraft, ElfSectionDraft> _relocations = [];

    /// <summary>The builder behind, for what has no method here.</summary>
    public ElfObjectBuilder Builder { get; } = new(Architectures.X64.Machine, order);

    /// <summary>A symbol made before.</summary>
    public ElfSymbolDraft Symbol(string name) => _symbols[name];

    /// <summary>A section made before.</summary>
    public ElfSectionDraft SectionNamed(string name) => _sections[name];

    /// <summary>Adds a STT_FILE symbol.</summary>
    public ElfObjectFactory File(string name)
    {
        var symbol = Builder.AddSymbol(name);
        symbol.Type = ElfSymbolType.File;
        symbol.ReservedIndex = ElfConstants.ShnAbs;
        return this;
    }

    /// <summary>Adds a section, SHT_PROGBITS unless said otherwise.</summary>
    public ElfObjectFactory Section(
        string name,
        byte[] data,
        ulong flags = ElfConstants.ShfAlloc,
        uint type = ElfConstants.ShtProgbits,
        ulong alignment = 1,
        ulong entrySize = 0)
    {
        var section = Builder.AddSection(name, type);
        section.Data = data;
        section.NobitsSize = type == ElfConstants.ShtNobits ? (ulong)data.Length : 0;
        section.Flags = flags;
        section.Alignment = alignment;
        section.EntrySize = entrySize;
        _sections.Add(name, section);
        return this;
    }

    /// <summary>Adds a symbol in a section made before.</summary>
    public ElfObjectFactory Define(
        string name,
        string section,
        ulong value,
        ulong size,
        ElfSymbolType type = ElfSymbolType.Object,
        ElfSymbolBinding binding = ElfSymbolBinding.Local)
    {
        var symbol = Builder.AddSymbol(name);
        symbol.Section = _sections[section];
        symbol.Value = value;
        symbol.Size = size;
        symbol.Type = type;
        symbol.Binding = binding;
        _symbols.Add(name, symbol);
        return this;
    }

    /// <summary>Adds an undefined symbol.</summary>
    public ElfObjectFactory Undefined(string name, ElfSymbolBinding binding = ElfSymbolBinding.Global)
    {
        var symbol = Builder.AddSymbol(name);
        symbol.Binding = binding;
        _symbols.Add(name, symbol);
        return this;
    }

    /// <summary>Adds a function in <c>.text.NAME</c>.</summary>
    public ElfObjectFactory Function(string name, byte[] code, ElfSymbolBinding binding = ElfSymbolBinding.Global) =>
        Section(".text." + name, code, ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr, alignment: 16)
            .Define(name, ".text." + name, 0, (ulong)code.Length, ElfSymbolType.Function, binding);

    /// <summary>Adds a variable in <c>.data.NAME</c>.</summary>
    public ElfObjectFactory Variable(string name, byte[] value, ElfSymbolBinding binding = ElfSymbolBinding.Global) =>
        Section(".data." + name, value, ElfConstants.ShfAlloc | ElfConstants.ShfWrite, alignment: 8)
            .Define(name, ".data." + name, 0, (ulong)value.Length, binding: binding);

    /// <summary>Adds a section symbol for a section made before, called by the section's name here.</summary>
    public ElfObjectFactory SectionSymbol(string section)
    {
        var symbol = Builder.AddSymbol(string.Empty);
        symbol.Section = _sections[section];
        symbol.Type = ElfSymbolType.Section;
        _symbols.Add(section, symbol);
        return this;
    }

    /// <summary>Adds a relocation to a section made before; its RELA section is made when it is the first.</summary>
    public ElfObjectFactory Relocate(string section, ulong offset, uint type, string symbol, long addend = 0)
    {
        var target = _sections[section];
        if (!_relocations.TryGetValue(target, out var table))
        {
            table = Builder.AddRelocationSection(target);
            _relocations.Add(target, table);
        }

        table.Relocations.Add(new ElfRelocationDraft(offset, type, _symbols[symbol], addend));
        return this;
    }

    /// <summary>Adds a COMDAT group with the sections made before as members.</summary>
    public ElfObjectFactory Comdat(string signature, params ReadOnlySpan<string> members)
    {
        var group = Builder.AddSection(".group", ElfConstants.ShtGroup);
        group.GroupFlags = ElfConstants.GrpComdat;
        group.GroupSignature = _symbols[signature];
        group.Alignment = 4;
        group.EntrySize = 4;
        foreach (var member in members)
        {
            _sections[member].Flags |= ElfConstants.ShfGroup;
            group.GroupMembers.Add(_sections[member]);
        }

        return this;
    }

    /// <summary>Adds what a livepatch module has: a second RELA section on a target, and its SHN_LIVEPATCH symbol.</summary>
    public ElfObjectFactory LivepatchRelocation(string section, string klpObject, string klpSymbol, ulong offset, uint type)
    {
        var target = _sections[section];
        var symbol = Builder.AddSymbol($".klp.sym.{klpObject}.{klpSymbol}");
        symbol.Binding = ElfSymbolBinding.Global;
        symbol.Type = ElfSymbolType.Function;
        symbol.ReservedIndex = ElfConstants.ShnLivepatch;
        var table = Builder.AddRelocationSection(target);
        table.Name = $".klp.rela.{klpObject}.{section}";
        table.Flags |= ElfConstants.ShfAlloc | ElfConstants.ShfRelaLivepatch;
        table.Relocations.Add(new ElfRelocationDraft(offset, type, symbol, -4));
        return this;
    }

    /// <summary>The object's bytes.</summary>
    public byte[] ToArray() => Builder.ToArray();

    /// <summary>The object, written and read back.</summary>
    public ElfObject Read(string name = "made.o") => ElfObject.Read(ToArray(), name);
}

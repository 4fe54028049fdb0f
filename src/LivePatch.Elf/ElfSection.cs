using LivePatch.Elf.Native;

namespace LivePatch.Elf;

/// <summary>One section of an <see cref="ElfObject"/>: its header, its bytes in place, and what relocates it.</summary>
public sealed class ElfSection
{
    private readonly List<ElfSection> _relocationSections = [];
    private IReadOnlyList<ElfRelocation>? _relocations;

    internal ElfSection(int index, string name, in Native.Elf64Shdr header, ReadOnlyMemory<byte> data, ElfByteOrder order)
    {
        Index = index;
        Name = name;
        Type = header.Type;
        Flags = header.Flags;
        Address = header.Address;
        Offset = header.Offset;
        Size = header.Size;
        Link = header.Link;
        Info = header.Info;
        Alignment = header.Alignment;
        EntrySize = header.EntrySize;
        Data = data;
        Order = order;
    }

    /// <summary>Index in the section header table.</summary>
    public int Index { get; }

    /// <summary>In which order the bytes of numbers lie in it.</summary>
    public ElfByteOrder Order { get; }

    /// <summary>sh_name as text.</summary>
    public string Name { get; }

    /// <summary>sh_type.</summary>
    public uint Type { get; }

    /// <summary>sh_flags.</summary>
    public ulong Flags { get; }

    /// <summary>sh_addr; 0 in relocatable objects.</summary>
    public ulong Address { get; }

    /// <summary>sh_offset in bytes from the start of the file.</summary>
    public ulong Offset { get; }

    /// <summary>sh_size in bytes, at most <see cref="int.MaxValue"/>; for SHT_NOBITS the size in memory, with no bytes in
    /// <see cref="Data"/>.</summary>
    public ulong Size { get; }

    /// <summary>sh_link.</summary>
    public uint Link { get; }

    /// <summary>sh_info.</summary>
    public uint Info { get; }

    /// <summary>sh_addralign, a power of two; 0 and 1 mean none.</summary>
    public ulong Alignment { get; }

    /// <summary>sh_entsize; 0 for sections that are no table.</summary>
    public ulong EntrySize { get; }

    /// <summary>The bytes, as they lie in the file; empty for SHT_NOBITS.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>For a SHT_RELA section its entries in file order; empty for others.</summary>
    public IReadOnlyList<ElfRelocation> Entries { get; internal set; } = [];

    /// <summary>For a SHT_RELA section the section it applies to; null for others.</summary>
    public ElfSection? Target { get; internal set; }

    /// <summary>The SHT_RELA sections that apply to this one, in index order; a livepatch module has several.</summary>
    public IReadOnlyList<ElfSection> RelocationSections => _relocationSections;

    /// <summary>All relocations that apply to this section, in file order.</summary>
    public IReadOnlyList<ElfRelocation> Relocations => _relocations ??= _relocationSections.Count switch
    {
        0 => [],
        1 => _relocationSections[0].Entries,
        _ => _relocationSections.SelectMany(static section => section.Entries).ToArray(),
    };

    /// <summary>The STT_SECTION symbol of this section; null when the assembler left it out (binutils 2.35 and newer do).</summary>
    public ElfSymbol? SectionSymbol { get; internal set; }

    /// <summary>For SHT_GROUP the member sections; empty for others.</summary>
    public IReadOnlyList<ElfSection> GroupMembers { get; internal set; } = [];

    /// <summary>SHF_ALLOC.</summary>
    public bool IsAllocated => (Flags & ElfConstants.ShfAlloc) != 0;

    /// <summary>Code: SHT_PROGBITS with SHF_EXECINSTR.</summary>
    public bool IsCode => Type == ElfConstants.ShtProgbits && (Flags & ElfConstants.ShfExecinstr) != 0;

    /// <summary>SHT_RELA.</summary>
    public bool IsRela => Type == ElfConstants.ShtRela;

    /// <summary>SHF_STRINGS: NUL-terminated strings the linker may merge.</summary>
    public bool IsStrings => (Flags & ElfConstants.ShfStrings) != 0;

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal void AddRelocationSection(ElfSection section)
    {
        _relocationSections.Add(section);
        _relocations = null;
    }
}

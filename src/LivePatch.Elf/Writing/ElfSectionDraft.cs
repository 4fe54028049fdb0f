namespace LivePatch.Elf.Writing;

/// <summary>A section being built. Mutable until <see cref="ElfObjectBuilder.ToArray"/>.</summary>
public sealed class ElfSectionDraft
{
    internal ElfSectionDraft(string name, uint type)
    {
        Name = name;
        Type = type;
    }

    /// <summary>Section name.</summary>
    public string Name { get; set; }

    /// <summary>sh_type.</summary>
    public uint Type { get; set; }

    /// <summary>sh_flags.</summary>
    public ulong Flags { get; set; }

    /// <summary>sh_addr; 0 in relocatable objects.</summary>
    public ulong Address { get; set; }

    /// <summary>sh_addralign, a power of two or 0.</summary>
    public ulong Alignment { get; set; } = 1;

    /// <summary>sh_entsize.</summary>
    public ulong EntrySize { get; set; }

    /// <summary>The bytes; ignored for SHT_NOBITS, SHT_RELA, SHT_GROUP and the tables the writer makes.</summary>
    public ReadOnlyMemory<byte> Data { get; set; }

    /// <summary>Size in memory of a SHT_NOBITS section, in bytes.</summary>
    public ulong NobitsSize { get; set; }

    /// <summary>The section sh_link points at, for sections other than SHT_RELA and the writer's own tables.</summary>
    public ElfSectionDraft? LinkedSection { get; set; }

    /// <summary>True when sh_link points at the symbol table the writer makes, as <c>.llvm_addrsig</c>'s does.</summary>
    public bool LinksToSymbolTable { get; set; }

    /// <summary>sh_info for sections whose sh_info is a plain number.</summary>
    public uint Info { get; set; }

    /// <summary>For a SHT_RELA section what it applies to.</summary>
    public ElfSectionDraft? Target { get; set; }

    /// <summary>For a SHT_RELA section its entries, in the order they are written.</summary>
    public List<ElfRelocationDraft> Relocations { get; } = [];

    /// <summary>For a SHT_GROUP section its flag word.</summary>
    public uint GroupFlags { get; set; }

    /// <summary>For a SHT_GROUP section the members.</summary>
    public List<ElfSectionDraft> GroupMembers { get; } = [];

    /// <summary>For a SHT_GROUP section the signature symbol.</summary>
    public ElfSymbolDraft? GroupSignature { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

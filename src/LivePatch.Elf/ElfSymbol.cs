using LivePatch.Elf.Native;

namespace LivePatch.Elf;

/// <summary>One symbol of an <see cref="ElfObject"/>. Identity is reference identity: names repeat.</summary>
public sealed class ElfSymbol
{
    internal ElfSymbol(int index, string name, ulong value, ulong size, byte info, byte other, ushort rawSectionIndex, ElfSection? section)
    {
        Index = index;
        Name = name;
        Value = value;
        Size = size;
        Info = info;
        Other = other;
        RawSectionIndex = rawSectionIndex;
        Section = section;
    }

    /// <summary>Index in the symbol table.</summary>
    public int Index { get; }

    /// <summary>st_name as text; empty for most section symbols.</summary>
    public string Name { get; }

    /// <summary>st_value: an offset in <see cref="Section"/> in relocatable objects, an address in linked ones.</summary>
    public ulong Value { get; }

    /// <summary>st_size in bytes; 0 when unknown.</summary>
    public ulong Size { get; }

    /// <summary>One past its last byte; does not wrap, whatever a linked file says.</summary>
    public ulong End => Value > ulong.MaxValue - Size ? ulong.MaxValue : Value + Size;

    /// <summary>Raw st_info.</summary>
    public byte Info { get; }

    /// <summary>Raw st_other: visibility and, on some machines, more.</summary>
    public byte Other { get; }

    /// <summary>Raw st_shndx, reserved values included. SHN_XINDEX is kept as it stands; <see cref="Section"/> is resolved.</summary>
    public ushort RawSectionIndex { get; }

    /// <summary>
    /// The section it is defined in; null for undefined, absolute, common and livepatch symbols. In relocatable
    /// objects <see cref="Value"/> and <see cref="Size"/> lie within it.
    /// </summary>
    public ElfSection? Section { get; }

    /// <summary>STB_*.</summary>
    public ElfSymbolBinding Binding => (ElfSymbolBinding)(Info >> 4);

    /// <summary>STT_*.</summary>
    public ElfSymbolType Type => (ElfSymbolType)(Info & 0xf);

    /// <summary>True for SHN_UNDEF, the null symbol included.</summary>
    public bool IsUndefined => RawSectionIndex == ElfConstants.ShnUndef;

    /// <summary>True for SHN_ABS.</summary>
    public bool IsAbsolute => RawSectionIndex == ElfConstants.ShnAbs;

    /// <summary>True for SHN_COMMON.</summary>
    public bool IsCommon => RawSectionIndex == ElfConstants.ShnCommon;

    /// <summary>True for SHN_LIVEPATCH.</summary>
    public bool IsLivepatch => RawSectionIndex == ElfConstants.ShnLivepatch;

    /// <summary>The name a reader knows it by: a section symbol is called after its section.</summary>
    public string DisplayName => Type == ElfSymbolType.Section && Section is not null ? Section.Name : Name;

    /// <inheritdoc/>
    public override string ToString() => DisplayName;
}

using LivePatch.Elf.Native;

namespace LivePatch.Elf.Writing;

/// <summary>A symbol being built.</summary>
public sealed class ElfSymbolDraft
{
    internal ElfSymbolDraft(string name)
    {
        Name = name;
    }

    /// <summary>Symbol name; empty for section symbols.</summary>
    public string Name { get; set; }

    /// <summary>st_value.</summary>
    public ulong Value { get; set; }

    /// <summary>st_size in bytes.</summary>
    public ulong Size { get; set; }

    /// <summary>STB_*.</summary>
    public ElfSymbolBinding Binding { get; set; }

    /// <summary>STT_*.</summary>
    public ElfSymbolType Type { get; set; }

    /// <summary>Raw st_other.</summary>
    public byte Other { get; set; }

    /// <summary>The section it is defined in; null when <see cref="ReservedIndex"/> says otherwise.</summary>
    public ElfSectionDraft? Section { get; set; }

    /// <summary>st_shndx where there is no section: SHN_UNDEF, SHN_ABS, SHN_COMMON or SHN_LIVEPATCH.</summary>
    public ushort ReservedIndex { get; set; } = ElfConstants.ShnUndef;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

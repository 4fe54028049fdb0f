using LivePatch.Elf.Writing;

namespace LivePatch.Module.Extract;

/// <summary>A section of the extracted object while it is filled.</summary>
internal sealed class OutputSection(ElfSectionDraft draft)
{
    private readonly List<byte> _bytes = [];
    private ElfSymbolDraft? _symbol;

    public ElfSectionDraft Draft { get; } = draft;

    public List<ElfRelocationDraft> Relocations { get; } = [];

    public ulong Size { get; private set; }

    /// <summary>Appends bytes at an alignment and tells where they are.</summary>
    public ulong Append(ReadOnlySpan<byte> bytes, ulong size, ulong alignment, ulong gap = 0)
    {
        var at = gap + (alignment <= 1 ? Size : (Size + alignment - 1) / alignment * alignment);
        while ((ulong)_bytes.Count < at)
        {
            _bytes.Add(0);
        }

        _bytes.AddRange(bytes);
        Size = at + size;
        return at;
    }

    /// <summary>Bytes appended before, to be changed.</summary>
    public Span<byte> Bytes(ulong offset, ulong size) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).Slice((int)offset, (int)size);

    /// <summary>The section's symbol, made when first needed.</summary>
    public ElfSymbolDraft Symbol(ElfObjectBuilder builder)
    {
        if (_symbol is null)
        {
            _symbol = builder.AddSymbol(string.Empty);
            _symbol.Type = Elf.ElfSymbolType.Section;
            _symbol.Section = Draft;
        }

        return _symbol;
    }

    /// <summary>Hands the content to the draft.</summary>
    public void Finish(ElfObjectBuilder builder)
    {
        if (Draft.Type == Elf.Native.ElfConstants.ShtNobits)
        {
            Draft.NobitsSize = Size;
        }
        else
        {
            while ((ulong)_bytes.Count < Size)
            {
                _bytes.Add(0);
            }

            Draft.Data = _bytes.ToArray();
        }

        if (Relocations.Count > 0)
        {
            var rela = builder.AddRelocationSection(Draft);
            Relocations.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
            rela.Relocations.AddRange(Relocations);
        }
    }
}

using LivePatch.Elf;

namespace LivePatch.Kernel.Kallsyms;

/// <summary>Where the tables with the names lie, as offsets in one run of the image's bytes.</summary>
/// <param name="Memory">The run of bytes.</param>
/// <param name="Address">Link address of its first byte.</param>
/// <param name="Order">In which order the bytes of its numbers lie.</param>
/// <param name="Count">kallsyms_num_syms.</param>
/// <param name="CountAt">Offset of kallsyms_num_syms.</param>
/// <param name="Names">Offset of kallsyms_names.</param>
/// <param name="NamesEnd">Offset behind the last name.</param>
/// <param name="TokenTable">Offset of kallsyms_token_table.</param>
/// <param name="TokenIndex">Offset of kallsyms_token_index.</param>
/// <param name="Alignment">What the address of every label of the tables is a multiple of: 8, or 4 where no table has 8-byte
/// entries.</param>
internal sealed record KallsymsTables(
    ReadOnlyMemory<byte> Memory,
    ulong Address,
    ElfByteOrder Order,
    int Count,
    int CountAt,
    int Names,
    int NamesEnd,
    int TokenTable,
    int TokenIndex,
    int Alignment)
{
    /// <summary>Number of tokens: one for each value of a byte.</summary>
    public const int TokenCount = 256;

    /// <summary>Names between two markers.</summary>
    public const int MarkerStride = 256;

    /// <summary>Bytes of kallsyms_token_index.</summary>
    public const int TokenIndexSize = TokenCount * sizeof(ushort);

    /// <summary>The offset, or the next one where a label may lie.</summary>
    public int Align(int offset) => Align(offset, Address, Alignment);

    /// <summary>The offset in a run of bytes at an address, or the next one whose address is a multiple of the alignment.</summary>
    public static int Align(int offset, ulong address, int alignment) =>
        offset + (int)((0 - (address + (ulong)offset)) & (ulong)(alignment - 1));
}

using LivePatch.Elf.Native;

namespace LivePatch.Elf.Writing;

/// <summary>Where each section lies in the file: computed in one step before any byte is written.</summary>
internal sealed class ElfLayout
{
    private const ulong LargestFileAlignment = 4096;

    private ElfLayout(ulong[] offsets, ulong sectionHeaderOffset)
    {
        Offsets = offsets;
        SectionHeaderOffset = sectionHeaderOffset;
    }

    /// <summary>sh_offset by section index.</summary>
    public ulong[] Offsets { get; }

    /// <summary>e_shoff; the section header table ends the file.</summary>
    public ulong SectionHeaderOffset { get; }

    /// <summary>Size of the whole file in bytes.</summary>
    public ulong FileSize => SectionHeaderOffset + ((ulong)Offsets.Length * ElfConstants.ShdrSize);

    /// <summary>
    /// Lays sections out one after the other, each at its alignment or at a page's if that is less: where a
    /// section lies in a relocatable file is nobody's business but the reader's, and an alignment taken from
    /// a file must not blow up the output.
    /// </summary>
    /// <param name="sections">Type, alignment and size in bytes by section index; index 0 is the null section.</param>
    public static ElfLayout Compute(IReadOnlyList<(uint Type, ulong Alignment, ulong Size)> sections)
    {
        var offsets = new ulong[sections.Count];
        ulong position = ElfConstants.EhdrSize;
        for (var index = 1; index < sections.Count; index++)
        {
            var (type, alignment, size) = sections[index];
            if (type != ElfConstants.ShtNobits)
            {
                position = Align(position, Math.Min(alignment, LargestFileAlignment));
            }

            offsets[index] = position;
            position += type == ElfConstants.ShtNobits ? 0 : size;
        }

        return new ElfLayout(offsets, Align(position, 8));
    }

    private static ulong Align(ulong position, ulong alignment) =>
        alignment <= 1 ? position : (position + alignment - 1) / alignment * alignment;
}

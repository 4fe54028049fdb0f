using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Module.Shipped;

/// <summary>
/// Compares an object's code with what was made of it in the shipped kernel.
///
/// Every bit must be equal but for relocated fields and one change: the compiler writes a jump for some static branches that objtool makes
/// a nop (include/asm/jump_label.h, JUMP_LABEL_HACK; Linux 5.13). Kernels that run objtool on whole modules have the nop, and their objects
/// the jump. It counts only where the object's own table says that there is a static branch.
/// </summary>
/// <param name="shipped">The object.</param>
/// <param name="architecture">The machine.</param>
internal sealed class ShippedCode(ElfObject shipped, IArchitecture architecture)
{
    private readonly ILookup<ElfSection, ulong> _branches = Branches(shipped, architecture);

    /// <summary>Whether a section's code is at the start of some bytes.</summary>
    public bool IsSame(ElfSection section, ReadOnlySpan<byte> there)
    {
        var here = section.Data.Span;
        if (there.Length < here.Length)
        {
            return false;
        }

        var position = 0;
        foreach (var (offset, length, field) in Holes(section, there))
        {
            if ((offset > position && !here[position..offset].SequenceEqual(there[position..offset]))
                || (field is not null && !field.IsSameBeside(here[offset..], there[offset..])))
            {
                return false;
            }

            position = Math.Max(position, offset + length);
        }

        return here[position..].SequenceEqual(there[position..here.Length]);
    }

    /// <summary>Whether a relocated field is part of a jump that is a nop there.</summary>
    public bool IsGone(ElfSection section, ulong offset, ReadOnlySpan<byte> there)
    {
        foreach (var branch in _branches[section])
        {
            if (branch <= offset && offset < branch + (ulong)Jump(section, branch, there))
            {
                return true;
            }
        }

        return false;
    }

    private static ILookup<ElfSection, ulong> Branches(ElfObject shipped, IArchitecture architecture)
    {
        var name =
            architecture.Tables.Catalog(new Dictionary<string, int>()).Sections.FirstOrDefault(
                static section => section.Rule == SpecialSectionRule.JumpLabel)?.Name;

        // An entry's first field is the distance to the branch; the others lead to its target, also at a multiple of four, and to the key.
        return shipped.Sections.Where(section => section.Name == name)
            .SelectMany(static section => section.Relocations)
            .Where(static relocation => relocation.Offset % 8 == 0 && relocation.Symbol.Section is { IsCode: true })
            .ToLookup(
                static relocation => relocation.Symbol.Section!, static relocation => relocation.Symbol.Value + (ulong)relocation.Addend);
    }

    private List<(int Offset, int Length, RelocationInfo? Field)> Holes(ElfSection section, ReadOnlySpan<byte> there)
    {
        var holes = new List<(int Offset, int Length, RelocationInfo? Field)>();
        foreach (var relocation in section.Relocations)
        {
            if (architecture.Relocations.Find(relocation.Type) is { } field && !IsGone(section, relocation.Offset, there))
            {
                holes.Add(((int)relocation.Offset, field.Width, field));
            }
        }

        foreach (var branch in _branches[section])
        {
            if (Jump(section, branch, there) is > 0 and var length)
            {
                holes.Add(((int)branch, length, null));
            }
        }

        holes.Sort(static (left, right) => (left.Offset, left.Length).CompareTo((right.Offset, right.Length)));
        return holes;
    }

    private int Jump(ElfSection section, ulong branch, ReadOnlySpan<byte> there) =>
        branch < section.Size && branch < (ulong)there.Length
            ? architecture.Branches.NopForJump(section.Data.Span[(int)branch..], there[(int)branch..])
            : 0;
}

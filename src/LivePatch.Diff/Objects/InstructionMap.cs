using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Objects;

/// <summary>Where instructions end, per code section; decoded once, when first asked.</summary>
internal sealed class InstructionMap(IArchitecture architecture)
{
    private readonly Dictionary<ElfSection, ulong[]> _ends = [];

    /// <summary>End of the instruction that holds a byte, as an offset in the section; null when it cannot be decoded.</summary>
    public ulong? EndOf(ElfSection section, ulong offset) => RangeOf(section, offset)?.End;

    /// <summary>What an instruction does with the address in the field at an offset of a code section.</summary>
    public AddressUse UseOf(ElfSection section, ulong offset) =>
        RangeOf(section, offset) is (var start, var end)
            ? architecture.Instructions.UseOf(section.Data.Span[(int)start..(int)end], (int)(offset - start))
            : AddressUse.Unknown;

    private (ulong Start, ulong End)? RangeOf(ElfSection section, ulong offset)
    {
        if (!_ends.TryGetValue(section, out var ends))
        {
            ends = architecture.Instructions.Ends(section.Data.Span);
            _ends.Add(section, ends);
        }

        var index = Array.BinarySearch(ends, offset + 1);
        index = index < 0 ? ~index : index;
        return index < ends.Length ? (index == 0 ? 0 : ends[index - 1], ends[index]) : null;
    }
}

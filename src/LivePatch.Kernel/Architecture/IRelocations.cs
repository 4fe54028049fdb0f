using LivePatch.Elf;

namespace LivePatch.Kernel.Architecture;

/// <summary>The relocations of one machine.</summary>
public interface IRelocations
{
    /// <summary>The type that writes a full address.</summary>
    uint Address { get; }

    /// <summary>What a type writes; null for a type the kernel's objects never hold.</summary>
    RelocationInfo? Find(uint type);

    /// <summary>True for the types that write nothing and only say that something was here.</summary>
    bool IsNothing(uint type);

    /// <summary>True when the kernel's module loader applies relocations of this type.</summary>
    bool IsLoadable(uint type);

    /// <summary>True when two types mean the same in a module, as an assembler's choice for calls does.</summary>
    bool AreEquivalent(uint left, uint right);

    /// <summary>True when the type is only used by calls and jumps.</summary>
    bool IsBranch(uint type);

    /// <summary>True when what a reference in code leads to depends on where the instruction that holds the field ends.</summary>
    bool CountsFromInstructionEnd(uint type);

    /// <summary>What a reference in code leads to, as an offset in its symbol's section.</summary>
    /// <param name="relocation">The relocation.</param>
    /// <param name="instructionEnd">Where the instruction ends, in the section of the code; null to take the field for its end.</param>
    long TargetOf(in ElfRelocation relocation, ulong? instructionEnd);

    /// <summary>The address of a relocation's symbol, computed back from what the linker wrote; null when the type does not tell
    /// it.</summary>
    /// <param name="relocation">The relocation.</param>
    /// <param name="place">The field's address.</param>
    /// <param name="field">What is there, from the field on.</param>
    ulong? SymbolAddress(in ElfRelocation relocation, ulong place, ReadOnlySpan<byte> field);
}

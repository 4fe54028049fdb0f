namespace LivePatch.Elf;

/// <summary>One program header (gABI Elf64_Phdr) of a linked file.</summary>
/// <param name="Type">p_type; 1 is PT_LOAD.</param>
/// <param name="Address">p_vaddr.</param>
/// <param name="Data">The bytes in the file.</param>
/// <param name="MemorySize">p_memsz in bytes, at least the length of <paramref name="Data"/>.</param>
public sealed record ElfSegment(uint Type, ulong Address, ReadOnlyMemory<byte> Data, ulong MemorySize);

namespace LivePatch.Elf;

/// <summary>The fields of the file header that describe the object (gABI Elf64_Ehdr).</summary>
/// <param name="OsAbi">e_ident[EI_OSABI].</param>
/// <param name="AbiVersion">e_ident[EI_ABIVERSION].</param>
/// <param name="Type">e_type: ET_REL, ET_EXEC, ET_DYN.</param>
/// <param name="Machine">e_machine.</param>
/// <param name="Entry">e_entry.</param>
/// <param name="Flags">e_flags.</param>
/// <param name="ProgramHeaderCount">e_phnum; 0 in relocatable objects.</param>
public sealed record ElfHeader(
    byte OsAbi, byte AbiVersion, ushort Type, ushort Machine, ulong Entry, uint Flags, ushort ProgramHeaderCount)
{
    /// <summary>In which order the bytes of numbers lie (e_ident[EI_DATA]).</summary>
    public ElfByteOrder Order { get; init; }
}

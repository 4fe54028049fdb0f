namespace LivePatch.Elf.Native;

/// <summary>Numbers of the ELF gABI and of the kernel's livepatch extension (include/uapi/linux/elf.h, Linux 6.1).</summary>
public static class ElfConstants
{
#pragma warning disable CS1591 // The names are the specification's own.
    public const int EhdrSize = 64;
    public const int ShdrSize = 64;
    public const int SymSize = 24;
    public const int RelaSize = 24;
    public const int PhdrSize = 56;

    public const byte ElfClass64 = 2;
    public const byte ElfData2Lsb = 1;
    public const byte ElfData2Msb = 2;
    public const byte EvCurrent = 1;

    public const ushort EtRel = 1;
    public const ushort EtExec = 2;
    public const ushort EtDyn = 3;

    public const uint ShtNull = 0;
    public const uint ShtProgbits = 1;
    public const uint ShtSymtab = 2;
    public const uint ShtStrtab = 3;
    public const uint ShtRela = 4;
    public const uint ShtNote = 7;
    public const uint ShtNobits = 8;
    public const uint ShtRel = 9;
    public const uint ShtGroup = 17;
    public const uint ShtSymtabShndx = 18;

    public const ulong ShfWrite = 0x1;
    public const ulong ShfAlloc = 0x2;
    public const ulong ShfExecinstr = 0x4;
    public const ulong ShfMerge = 0x10;
    public const ulong ShfStrings = 0x20;
    public const ulong ShfInfoLink = 0x40;
    public const ulong ShfLinkOrder = 0x80;
    public const ulong ShfGroup = 0x200;
    public const ulong ShfCompressed = 0x800;

    /// <summary>SHF_RELA_LIVEPATCH: relocations the livepatch core applies.</summary>
    public const ulong ShfRelaLivepatch = 0x0010_0000;

    public const ushort ShnUndef = 0;
    public const ushort ShnLoreserve = 0xff00;
    public const ushort ShnAbs = 0xfff1;
    public const ushort ShnCommon = 0xfff2;
    public const ushort ShnXindex = 0xffff;

    /// <summary>SHN_LIVEPATCH: a symbol the livepatch core resolves.</summary>
    public const ushort ShnLivepatch = 0xff20;

    public const uint GrpComdat = 1;
#pragma warning restore CS1591
}

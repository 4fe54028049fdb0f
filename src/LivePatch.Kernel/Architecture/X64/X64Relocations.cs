using System.Buffers.Binary;
using System.Collections.Frozen;
using LivePatch.Elf;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>Relocations of x86-64: psABI table 4.9 and arch/x86/kernel/module.c (Linux 6.1). All write whole bytes; a distance is
/// counted from the end of the instruction (Intel SDM volume 2, 2.2.1.6), which a branch's field is.</summary>
internal sealed class X64Relocations : IRelocations
{
    private static readonly FrozenDictionary<uint, RelocationInfo> Known = new RelocationInfo[]
    {
        new(X64RelocationType.None, "R_X86_64_NONE", 0, false, false),
        new(X64RelocationType.Abs64, "R_X86_64_64", 8, false, false),
        new(X64RelocationType.Pc32, "R_X86_64_PC32", 4, true, true),
        new(X64RelocationType.Plt32, "R_X86_64_PLT32", 4, true, true),
        new(X64RelocationType.GotPcRel, "R_X86_64_GOTPCREL", 4, true, true),
        new(X64RelocationType.Abs32, "R_X86_64_32", 4, false, false),
        new(X64RelocationType.Abs32S, "R_X86_64_32S", 4, false, true),
        new(12, "R_X86_64_16", 2, false, false),
        new(13, "R_X86_64_PC16", 2, true, true),
        new(14, "R_X86_64_8", 1, false, true),
        new(15, "R_X86_64_PC8", 1, true, true),
        new(X64RelocationType.Pc64, "R_X86_64_PC64", 8, true, true),
        new(X64RelocationType.GotPcRelX, "R_X86_64_GOTPCRELX", 4, true, true),
        new(X64RelocationType.RexGotPcRelX, "R_X86_64_REX_GOTPCRELX", 4, true, true),
    }.ToFrozenDictionary(static info => info.Type);

    public uint Address => X64RelocationType.Abs64;

    public RelocationInfo? Find(uint type) => Known.GetValueOrDefault(type);

    public bool IsNothing(uint type) => type == X64RelocationType.None;

    public bool IsLoadable(uint type) => type is
        X64RelocationType.None or X64RelocationType.Abs64 or X64RelocationType.Abs32 or X64RelocationType.Abs32S
        or X64RelocationType.Pc32 or X64RelocationType.Plt32 or X64RelocationType.Pc64;

    public bool AreEquivalent(uint left, uint right) =>
        left == right
            || (left is X64RelocationType.Pc32 or X64RelocationType.Plt32 && right is X64RelocationType.Pc32 or X64RelocationType.Plt32);

    public bool IsBranch(uint type) => type == X64RelocationType.Plt32;

    public bool CountsFromInstructionEnd(uint type) => !IsBranch(type) && Find(type) is { IsPcRelative: true };

    public long TargetOf(in ElfRelocation relocation, ulong? instructionEnd)
    {
        var address = (long)relocation.Symbol.Value + relocation.Addend;
        if (Find(relocation.Type) is not { IsPcRelative: true } info)
        {
            return address;
        }

        return address + (instructionEnd is { } end && !IsBranch(relocation.Type) ? (long)(end - relocation.Offset) : info.Width);
    }

    public ulong? SymbolAddress(in ElfRelocation relocation, ulong place, ReadOnlySpan<byte> field)
    {
        if (Find(relocation.Type) is not { Width: 4 or 8 } info)
        {
            return null;
        }

        var written = info.Width == 8
            ? BinaryPrimitives.ReadInt64LittleEndian(field)
            : info.IsSigned || info.IsPcRelative
                ? BinaryPrimitives.ReadInt32LittleEndian(field)
                : BinaryPrimitives.ReadUInt32LittleEndian(field);
        return (ulong)(written - relocation.Addend + (info.IsPcRelative ? (long)place : 0));
    }
}

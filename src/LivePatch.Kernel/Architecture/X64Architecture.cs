using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture;

/// <summary>x86-64, as gcc and clang compile kernels for it.</summary>
public sealed class X64Architecture : IArchitecture
{
    private const string Fentry = "__fentry__";

    /// <summary>ENDBR64, with which functions begin when indirect branch tracking is on.</summary>
    private static ReadOnlySpan<byte> Endbr => [0xf3, 0x0f, 0x1e, 0xfa];

    /// <summary>The five-byte nop objtool and recordmcount leave where a call of the tracer was (P6 nop, arch/x86/include/asm/nops.h, Linux 6.1).</summary>
    private static ReadOnlySpan<byte> FiveByteNop => [0x0f, 0x1f, 0x44, 0x00, 0x00];

    private X64Architecture()
    {
    }

    /// <summary>The one instance.</summary>
    public static X64Architecture Instance { get; } = new();

    /// <inheritdoc/>
    public ushort Machine => ElfConstants.EmX8664;

    /// <inheritdoc/>
    public string Name => "x86-64";

    /// <inheritdoc/>
    public string KbuildName => "x86";

    /// <inheritdoc/>
    public bool IsPcRelative(uint relocationType) => relocationType
        is X64RelocationType.Pc32 or X64RelocationType.Plt32 or X64RelocationType.Pc64
        or X64RelocationType.GotPcRel or X64RelocationType.GotPcRelX or X64RelocationType.RexGotPcRelX;

    /// <inheritdoc/>
    public bool IsBranch(uint relocationType) => relocationType == X64RelocationType.Plt32;

    /// <inheritdoc/>
    public bool IsBranchField(ReadOnlySpan<byte> code, ulong offset) =>
        offset >= 1 && offset <= (ulong)code.Length
        && (code[(int)offset - 1] is 0xe8 or 0xe9 || (offset >= 2 && code[(int)offset - 2] == 0x0f && (code[(int)offset - 1] & 0xf0) == 0x80));

    /// <inheritdoc/>
    public uint AddressRelocation => X64RelocationType.Abs64;

    /// <inheritdoc/>
    public int RelocationWidth(uint relocationType) => relocationType switch
    {
        X64RelocationType.None => 0,
        X64RelocationType.Abs64 or X64RelocationType.Pc64 => 8,
        X64RelocationType.Pc32 or X64RelocationType.Plt32 or X64RelocationType.Abs32 or X64RelocationType.Abs32S
            or X64RelocationType.GotPcRel or X64RelocationType.GotPcRelX or X64RelocationType.RexGotPcRelX => 4,
        12 or 13 => 2,
        14 or 15 => 1,
        _ => 0,
    };

    /// <inheritdoc/>
    public string RelocationName(uint relocationType) => relocationType switch
    {
        X64RelocationType.None => "R_X86_64_NONE",
        X64RelocationType.Abs64 => "R_X86_64_64",
        X64RelocationType.Pc32 => "R_X86_64_PC32",
        3 => "R_X86_64_GOT32",
        X64RelocationType.Plt32 => "R_X86_64_PLT32",
        X64RelocationType.GotPcRel => "R_X86_64_GOTPCREL",
        X64RelocationType.Abs32 => "R_X86_64_32",
        X64RelocationType.Abs32S => "R_X86_64_32S",
        12 => "R_X86_64_16",
        13 => "R_X86_64_PC16",
        14 => "R_X86_64_8",
        15 => "R_X86_64_PC8",
        X64RelocationType.Pc64 => "R_X86_64_PC64",
        X64RelocationType.GotPcRelX => "R_X86_64_GOTPCRELX",
        X64RelocationType.RexGotPcRelX => "R_X86_64_REX_GOTPCRELX",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"R_X86_64_({relocationType})"),
    };

    /// <summary>The types arch/x86/kernel/module.c applies (Linux 5.10 to 6.12).</summary>
    public bool IsLoadable(uint relocationType) => relocationType
        is X64RelocationType.None or X64RelocationType.Abs64 or X64RelocationType.Abs32 or X64RelocationType.Abs32S
        or X64RelocationType.Pc32 or X64RelocationType.Plt32 or X64RelocationType.Pc64;

    /// <inheritdoc/>
    public bool AreEquivalent(uint left, uint right) =>
        left == right || (left is X64RelocationType.Pc32 or X64RelocationType.Plt32 && right is X64RelocationType.Pc32 or X64RelocationType.Plt32);

    /// <inheritdoc/>
    public bool IsPrefixSymbol(string name) =>
        name.StartsWith("__pfx_", StringComparison.Ordinal) || name.StartsWith("__cfi_", StringComparison.Ordinal);

    /// <inheritdoc/>
    public ulong? FindFtraceSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations)
    {
        if (entry > (ulong)code.Length)
        {
            return null;
        }

        var site = code[(int)entry..].StartsWith(Endbr) ? entry + (ulong)Endbr.Length : entry;
        foreach (var (offset, relocation) in relocations)
        {
            if (offset < entry)
            {
                continue;
            }

            // A call is e8 and a field of four bytes; one made a nop at build time keeps a relocation of type NONE.
            var isCall = relocation.Type is X64RelocationType.Pc32 or X64RelocationType.Plt32 && offset == site + 1;
            var isNop = relocation.Type == X64RelocationType.None && (offset == site + 1 || offset == site);
            return (isCall || isNop) && relocation.Symbol.Name == Fentry ? site : null;
        }

        return null;
    }

    /// <inheritdoc/>
    public ulong[] InstructionEnds(ReadOnlySpan<byte> code)
    {
        var lengths = CapstoneDisassembler.Lengths(code);
        var ends = new ulong[lengths.Count];
        ulong position = 0;
        for (var index = 0; index < ends.Length; index++)
        {
            ends[index] = position += (ulong)lengths[index];
        }

        return ends;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code) => X64ArgumentDecoder.Decode(code);

    /// <inheritdoc/>
    public SpecialSectionCatalog SpecialSections(IReadOnlyDictionary<string, int> structSizes) => X64SpecialSections.Create(structSizes);

    /// <inheritdoc/>
    public (uint Type, long Addend)? RestoreFtraceCall(Span<byte> code, ulong site)
    {
        var at = code[(int)site..];
        if (!at.StartsWith(FiveByteNop))
        {
            return null;
        }

        at[0] = 0xe8;
        at.Slice(1, 4).Clear();
        return (X64RelocationType.Plt32, -4);
    }
}

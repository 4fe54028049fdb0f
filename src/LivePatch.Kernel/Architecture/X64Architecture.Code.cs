using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture;

/// <summary>x86-64 code, as gcc and clang make it for kernels.</summary>
internal sealed partial class X64Architecture
{
    /// <summary>The five-byte nop objtool and recordmcount leave where a call of the tracer was (P6 nop, arch/x86/include/asm/nops.h, Linux 6.1).</summary>
    private static ReadOnlySpan<byte> FiveByteNop => [0x0f, 0x1f, 0x44, 0x00, 0x00];

    public uint AddressRelocation => X64RelocationType.Abs64;

    public bool IsBranch(uint relocationType) => relocationType == X64RelocationType.Plt32;

    public bool IsBranchField(ReadOnlySpan<byte> code, ulong offset) =>
        offset >= 1 && offset <= (ulong)code.Length
        && (code[(int)offset - 1] is 0xe8 or 0xe9 || (offset >= 2 && code[(int)offset - 2] == 0x0f && (code[(int)offset - 1] & 0xf0) == 0x80));

    public bool AreEquivalent(uint left, uint right) =>
        left == right || (left is X64RelocationType.Pc32 or X64RelocationType.Plt32 && right is X64RelocationType.Pc32 or X64RelocationType.Plt32);

    public bool IsPrefixSymbol(string name)
    {
        foreach (var prefix in PrefixSymbolPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public ulong? FindFtraceSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations)
    {
        if (entry > (ulong)code.Length)
        {
            return null;
        }

        var site = entry + (ulong)FtraceSiteOffset(code[(int)entry..]);
        foreach (var (offset, relocation) in relocations)
        {
            if (offset < entry)
            {
                continue;
            }

            // A call is e8 and a field of four bytes; one made a nop at build time keeps a relocation of type NONE.
            var isCall = relocation.Type is X64RelocationType.Pc32 or X64RelocationType.Plt32 && offset == site + 1;
            var isNop = relocation.Type == X64RelocationType.None && (offset == site + 1 || offset == site);
            return (isCall || isNop) && relocation.Symbol.Name == FtraceEntrySymbol ? site : null;
        }

        return null;
    }

    public ulong[] InstructionEnds(ReadOnlySpan<byte> code)
    {
        var ends = new List<ulong>(code.Length / 4);
        for (var offset = 0; offset < code.Length && Instructions.TryGetLength(code, offset, out var length); offset += length)
        {
            ends.Add((ulong)(offset + length));
        }

        return [.. ends];
    }

    public IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code) =>
        X64ArgumentDecoder.Decode(code, InstructionEnds(code));

    public SpecialSectionCatalog SpecialSections(IReadOnlyDictionary<string, int> structSizes) => X64SpecialSections.Create(structSizes);

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

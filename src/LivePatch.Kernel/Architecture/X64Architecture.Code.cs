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

    public bool IsCallField(ReadOnlySpan<byte> code, ulong offset) => offset >= 1 && offset <= (ulong)code.Length && code[(int)offset - 1] == 0xe8;

    /// <summary>Follows the encoding (Intel SDM volume 2, chapter 2): prefixes, opcode map, ModRM, SIB, displacement.</summary>
    public bool IsMemoryOperand(ReadOnlySpan<byte> instruction, int offset)
    {
        var at = 0;
        while (at < instruction.Length && (instruction[at] is 0x66 or 0x67 or 0xf0 or 0xf2 or 0xf3 or 0x2e or 0x36 or 0x3e or 0x26 or 0x64 or 0x65 || (instruction[at] & 0xf0) == 0x40))
        {
            at++;
        }

        var isLea = at < instruction.Length && instruction[at] == 0x8d;
        at += instruction[Math.Min(at, instruction.Length - 1)] switch
        {
            0x0f when at + 1 < instruction.Length && instruction[at + 1] is 0x38 or 0x3a => 3,
            0x0f => 2,
            0xc5 => 3,
            0xc4 => 4,
            0x62 => 5,
            _ => 1,
        };
        if (isLea || at >= offset || offset > instruction.Length)
        {
            return false;
        }

        var (mod, rm) = (instruction[at] >> 6, instruction[at] & 7);
        var hasDisplacement = mod == 2 || (mod == 0 && (rm == 5 || (rm == 4 && at + 1 < offset && (instruction[at + 1] & 7) == 5)));
        return mod != 3 && hasDisplacement && at + (rm == 4 ? 2 : 1) == offset;
    }

    public bool AreEquivalent(uint left, uint right) =>
        left == right || (left is X64RelocationType.Pc32 or X64RelocationType.Plt32 && right is X64RelocationType.Pc32 or X64RelocationType.Plt32);

    /// <summary>Zeroes, breakpoints and nops of any length (Intel SDM volume 2, NOP): 0x90 and 0f 1f /0, with any number of prefixes 66 and 2e.</summary>
    public bool IsFiller(ReadOnlySpan<byte> bytes, bool isCode)
    {
        if (!isCode)
        {
            return !bytes.ContainsAnyExcept((byte)0);
        }

        for (var at = 0; at < bytes.Length;)
        {
            if (bytes[at] is 0x00 or 0x90 or 0xcc or 0x66 or 0x2e)
            {
                at++;
                continue;
            }

            if (at + 2 >= bytes.Length || bytes[at] != 0x0f || bytes[at + 1] != 0x1f)
            {
                return false;
            }

            var (mod, rm) = (bytes[at + 2] >> 6, bytes[at + 2] & 7);
            at += 3 + (mod != 3 && rm == 4 ? 1 : 0) + mod switch { 1 => 1, 2 => 4, _ => 0 };
            if (at > bytes.Length)
            {
                return false;
            }
        }

        return true;
    }

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
        for (var offset = 0; offset < code.Length;)
        {
            var length = X64InstructionLength.Of(code[offset..]);
            if (length == 0 && !Instructions.TryGetLength(code, offset, out length) && (length = X64InstructionLength.ByEncoding(code[offset..])) == 0)
            {
                break;
            }

            offset += length;
            ends.Add((ulong)offset);
        }

        return [.. ends];
    }

    public IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code) =>
        X64ArgumentDecoder.Decode(code, InstructionEnds(code));

    public SpecialSectionCatalog SpecialSections(IReadOnlyDictionary<string, int> structSizes) => X64SpecialSections.Create(structSizes);

    public int NopForJump(ReadOnlySpan<byte> code, ReadOnlySpan<byte> other) =>
        code is [0xe9, _, _, _, _, ..] && other.StartsWith(FiveByteNop) ? 5
        : code is [0xeb, _, ..] && other is [0x66, 0x90, ..] ? 2
        : 0;

    /// <summary>The entry's key has 2 added to it where the jump is only there for its size (CONFIG_HAVE_JUMP_LABEL_HACK,
    /// arch/x86/include/asm/jump_label.h, Linux 6.12).</summary>
    public int TurnOffBranch(Span<byte> code, long keyAddend)
    {
        if ((keyAddend & 2) == 0)
        {
            return 0;
        }

        switch (code)
        {
            case [0xe9, _, _, _, _, ..]:
                FiveByteNop.CopyTo(code);
                return 5;
            case [0xeb, _, ..]:
                (code[0], code[1]) = (0x66, 0x90);
                return 2;
            default:
                return 0;
        }
    }

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

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>The parts of one x86-64 instruction (Intel SDM volume 2, chapter 2 and appendix A).</summary>
/// <param name="Map">0: one-byte opcodes; 1: those behind 0f; 2 and 3: behind 0f 38 and 0f 3a; 4: VEX, EVEX and XOP.</param>
/// <param name="At">Where the opcode byte is.</param>
/// <param name="Opcode">The opcode byte.</param>
/// <param name="ModRm">Where the ModRM byte is; -1 when there is none.</param>
internal readonly record struct X64Encoding(int Map, int At, byte Opcode, int ModRm)
{
    /// <summary>Takes an instruction apart; the default value, without a ModRM byte, when it ends too early.</summary>
    public static X64Encoding Of(ReadOnlySpan<byte> code)
    {
        var at = 0;
        while (at < code.Length && (code[at] is 0x66 or 0x67 or 0xf0 or 0xf2 or 0xf3 or 0x2e or 0x36 or 0x3e or 0x26 or 0x64 or 0x65))
        {
            at++;
        }

        if (at < code.Length && (code[at] & 0xf0) == 0x40)
        {
            at++;
        }

        if (at >= code.Length)
        {
            return new X64Encoding(0, 0, 0x90, -1);
        }

        // VEX, EVEX, and XOP where its map says so (otherwise 8f is a pop); of the first only vzeroupper has no operands.
        var prefix = code[at] switch
        {
            0xc5 => 2,
            0xc4 => 3,
            0x62 => 4,
            0x8f when at + 1 < code.Length && (code[at + 1] & 0x1f) >= 8 => 3,
            _ => 0,
        };
        if (prefix > 0)
        {
            at += prefix;
            return at + 1 < code.Length
                ? new X64Encoding(4, at, code[at], at + 1)
                : new X64Encoding(4, Math.Min(at, code.Length - 1), 0x77, -1);
        }

        var map = 0;
        if (code[at] == 0x0f && at + 1 < code.Length)
        {
            at++;
            map = code[at] switch { 0x38 => 2, 0x3a => 3, _ => 1 };
            at += map == 1 ? 0 : 1;
        }

        if (at >= code.Length)
        {
            return new X64Encoding(0, 0, 0x90, -1);
        }

        var opcode = code[at];
        var hasModRm = map switch
        {
            0 => HasModRm(opcode),
            1 => TwoByteHasModRm(opcode),
            _ => true,
        };
        return new X64Encoding(map, at, opcode, hasModRm && at + 1 < code.Length ? at + 1 : -1);
    }

    /// <summary>The register or opcode extension in the middle of ModRM.</summary>
    public int Extension(ReadOnlySpan<byte> code) => ModRm < 0 ? 0 : (code[ModRm] >> 3) & 7;

    /// <summary>Where a four-byte displacement of the memory operand begins, and what it is added to; null when there is none.</summary>
    public (int Offset, bool IsPcRelative, bool HasRegisters)? Displacement(ReadOnlySpan<byte> code)
    {
        if (ModRm < 0)
        {
            return null;
        }

        var (mod, rm) = (code[ModRm] >> 6, code[ModRm] & 7);
        if (mod == 3 || mod == 1)
        {
            return null;
        }

        if (rm != 4)
        {
            return mod == 2 ? (ModRm + 1, false, true) : rm == 5 ? (ModRm + 1, true, false) : null;
        }

        if (ModRm + 1 >= code.Length)
        {
            return null;
        }

        // A SIB byte without base has a displacement of its own; index 4 is none, unless REX.X makes it r12.
        var sib = code[ModRm + 1];
        var withoutBase = mod == 0 && (sib & 7) == 5;
        var withoutIndex = ((sib >> 3) & 7) == 4 && !HasRexX(code);
        return mod == 2 || withoutBase ? (ModRm + 2, false, !(withoutBase && withoutIndex)) : null;
    }

    private bool HasRexX(ReadOnlySpan<byte> code)
    {
        var before = At - Map switch { 0 => 1, 1 => 2, _ => 3 };
        return Map == 4 || (before >= 0 && (code[before] & 0xf2) == 0x42);
    }

    private static bool HasModRm(byte opcode) => opcode switch
    {
        < 0x40 => (opcode & 7) < 4,
        0x62 or 0x63 or 0x69 or 0x6b => true,
        >= 0x80 and <= 0x8f => true,
        0xc0 or 0xc1 or 0xc4 or 0xc5 or 0xc6 or 0xc7 => true,
        >= 0xd0 and <= 0xd3 => true,
        >= 0xd8 and <= 0xdf => true,
        0xf6 or 0xf7 or 0xfe or 0xff => true,
        _ => false,
    };

    private static bool TwoByteHasModRm(byte opcode) => opcode switch
    {
        0x05 or 0x06 or 0x07 or 0x08 or 0x09 or 0x0b or 0x0e => false,
        >= 0x30 and <= 0x37 => false,
        0x77 => false,
        >= 0x80 and <= 0x8f => false,
        0xa0 or 0xa1 or 0xa2 or 0xa8 or 0xa9 or 0xaa => false,
        >= 0xc8 and <= 0xcf => false,
        _ => true,
    };
}

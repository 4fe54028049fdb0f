namespace LivePatch.Kernel.Architecture.X64;

/// <summary>
/// Length of the common x86-64 instructions, from the opcode maps of the Intel SDM (volume 2, appendix A).
///
/// A diff asks for millions of lengths and for nothing else, and the disassembler prints each instruction to answer. So the
/// encodings compilers use in kernels are measured here, and everything else (VEX, EVEX, XOP, 3DNow, vendor extensions, odd pairs of
/// prefixes, what is undefined in 64-bit mode) is left to the disassembler. Where both know an instruction they agree, and a test holds
/// them against each other; the disassembler also rejects combinations (a lock prefix on a move) that no compiler makes and this only
/// measures.
///
/// The disassembler knows the instructions of its own year. New ones (enqcmd, tilerelease, wrmsrns, uiret) come in opcode maps whose
/// lengths follow from the encoding alone: every instruction of a map has the same parts. Those are measured last
/// (<see cref="ByEncoding"/>), when neither of the two knew them. One it knows wrongly: ud1, which ends static calls' trampolines and is
/// the sanitizers' trap, has a ModRM byte and with it a displacement that says what failed.
/// </summary>
internal static class X64InstructionLength
{
    private const byte ModRm = 1;
    private const byte Immediate8 = 2;

    /// <summary>Four bytes, or two with an operand-size prefix.</summary>
    private const byte ImmediateFull = 8;

    /// <summary>Only handled by the disassembler.</summary>
    private const byte Other = 0x80;

    private static readonly byte[] OneByte = OneByteMap();
    private static readonly byte[] TwoByte = TwoByteMap();

    /// <summary>Length of the instruction at the start of the code; 0 when this does not know it, or the code ends first.</summary>
    public static int Of(ReadOnlySpan<byte> code)
    {
        var at = 0;
        var (narrow, repeated) = (false, false);
        while (at < code.Length && IsPrefix(code[at]))
        {
            narrow |= code[at] == 0x66;
            repeated |= code[at] == 0xf3;
            at++;
        }

        var wide = false;
        if (at < code.Length && (code[at] & 0xf0) == 0x40)
        {
            wide = (code[at] & 8) != 0;
            at++;
        }

        if (at + 1 > code.Length)
        {
            return 0;
        }

        if (narrow && (wide || repeated))
        {
            return 0;
        }

        var opcode = code[at++];
        byte kind;
        if (opcode == 0x0f)
        {
            if (at >= code.Length)
            {
                return 0;
            }

            opcode = code[at++];
            kind = TwoByte[opcode];
            if (narrow && (opcode & 0xf0) == 0x80)
            {
                return 0;
            }
        }
        else
        {
            kind = OneByte[opcode];
            if ((opcode & 0xf8) == 0xb8 && wide)
            {
                return Whole(code, at + 8);
            }

            // The operand-size prefix on near branches means different things to different makers.
            if (narrow && opcode is 0xe8 or 0xe9)
            {
                return 0;
            }

            if (opcode is 0xf6 or 0xf7 && at < code.Length)
            {
                // Of this group only "test" has an immediate; its second encoding is not in the manual.
                switch (code[at] & 0x38)
                {
                    case 0:
                        kind |= opcode == 0xf6 ? Immediate8 : ImmediateFull;
                        break;
                    case 8:
                        return 0;
                }
            }
        }

        if (kind == Other)
        {
            return 0;
        }

        if ((kind & ModRm) != 0)
        {
            if (at >= code.Length)
            {
                return 0;
            }

            at += OperandLength(code[at..]);
        }

        at += (kind & Immediate8) != 0 ? 1 : 0;
        at += (kind & ImmediateFull) == 0 ? 0 : narrow ? 2 : 4;
        return Whole(code, at);
    }

    /// <summary>
    /// Length by what the encoding alone says: VEX, EVEX and the three-byte maps, where every instruction has a ModRM byte and
    /// an immediate byte if it is in map 3, and what the two-byte map has beside (Intel SDM volume 2, chapters 2.3, 2.7 and appendix A.3).
    /// 0 when it does not follow.
    /// </summary>
    public static int ByEncoding(ReadOnlySpan<byte> code)
    {
        var at = 0;
        while (at < code.Length && (IsPrefix(code[at]) || code[at] is 0xf2 or 0x26 or 0x36))
        {
            at++;
        }

        if (at < code.Length && (code[at] & 0xf0) == 0x40)
        {
            at++;
        }

        if (code.Length < at + 3)
        {
            return 0;
        }

        int map;
        switch (code[at])
        {
            case 0xc5:
                (map, at) = (1, at + 2);
                break;
            case 0xc4:
                (map, at) = (code[at + 1] & 0x1f, at + 3);
                break;
            case 0x62:
                (map, at) = (code[at + 1] & 7, at + 4);
                break;
            case 0x0f when code[at + 1] is 0x38 or 0x3a:
                (map, at) = (code[at + 1] == 0x38 ? 2 : 3, at + 2);
                break;
            case 0x0f:
                return SystemLength(code, at + 1);
            default:
                return 0;
        }

        if (map is not (1 or 2 or 3 or 5 or 6) || code.Length <= at)
        {
            return 0;
        }

        var opcode = code[at++];
        if (map == 1 && opcode == 0x77)
        {
            return at;
        }

        var hasImmediate = map == 3 || (map == 1 && opcode is 0x70 or 0x71 or 0x72 or 0x73 or 0xc2 or 0xc4 or 0xc5 or 0xc6);
        return at == code.Length ? 0 : Whole(code, at + OperandLength(code[at..]) + (hasImmediate ? 1 : 0));
    }

    /// <summary>Opcodes of the two-byte map under which new instructions are added: groups 7, 9 and 15 and the hints, all with ModRM; the
    /// register forms among them are instructions of their own.</summary>
    private static int SystemLength(ReadOnlySpan<byte> code, int at) => at + 1 >= code.Length ? 0 : code[at] switch
    {
        0x00 or 0x01 or 0x0d or 0xae or 0xb8 or 0xb9 or 0xc7 or 0xff or (>= 0x18 and <= 0x1f) =>
            Whole(code, at + 1 + OperandLength(code[(at + 1)..])),
        _ => 0,
    };

    /// <summary>No instruction has more than 15 bytes.</summary>
    private static int Whole(ReadOnlySpan<byte> code, int length) => length <= code.Length && length <= 15 ? length : 0;

    private static bool IsPrefix(byte value) =>
        value is 0x66 or 0x67 or 0xf0 or 0xf3 or 0x2e or 0x3e or 0x64 or 0x65;

    /// <summary>Bytes of ModRM, SIB and displacement.</summary>
    private static int OperandLength(ReadOnlySpan<byte> code)
    {
        var mode = code[0] >> 6;
        var memory = code[0] & 7;
        if (mode == 3)
        {
            return 1;
        }

        var length = 1;
        if (memory == 4)
        {
            length = 2;
            if (code.Length > 1 && mode == 0 && (code[1] & 7) == 5)
            {
                return length + 4;
            }
        }

        return mode switch
        {
            0 => memory == 5 ? length + 4 : length,
            1 => length + 1,
            _ => length + 4,
        };
    }

    private static byte[] OneByteMap()
    {
        var map = new byte[256];
        for (var opcode = 0; opcode < 0x40; opcode++)
        {
            map[opcode] = (opcode & 7) switch
            {
                < 4 => ModRm,
                4 => Immediate8,
                5 => ImmediateFull,
                _ => Other,
            };
        }

        Set(map, Other, 0x40, 0x4f);
        Set(map, Other, 0x60, 0x62);
        Set(map, ModRm, 0x63, 0x63);
        Set(map, Other, 0x64, 0x67);
        Set(map, ImmediateFull, 0x68, 0x68);
        Set(map, ModRm | ImmediateFull, 0x69, 0x69);
        Set(map, Immediate8, 0x6a, 0x6a);
        Set(map, ModRm | Immediate8, 0x6b, 0x6b);
        Set(map, Immediate8, 0x70, 0x7f);
        Set(map, ModRm | Immediate8, 0x80, 0x80);
        Set(map, ModRm | ImmediateFull, 0x81, 0x81);
        Set(map, Other, 0x82, 0x82);
        Set(map, ModRm | Immediate8, 0x83, 0x83);
        Set(map, ModRm, 0x84, 0x8b);
        Set(map, Other, 0x8c, 0x8c);
        Set(map, ModRm, 0x8d, 0x8d);
        Set(map, Other, 0x8e, 0x8f);
        Set(map, Other, 0x9a, 0x9b);
        Set(map, Other, 0xa0, 0xa3);
        Set(map, Immediate8, 0xa8, 0xa8);
        Set(map, ImmediateFull, 0xa9, 0xa9);
        Set(map, Immediate8, 0xb0, 0xb7);
        Set(map, ImmediateFull, 0xb8, 0xbf);
        Set(map, ModRm | Immediate8, 0xc0, 0xc1);
        Set(map, Other, 0xc2, 0xc2);
        Set(map, Other, 0xc4, 0xc5);
        Set(map, ModRm | Immediate8, 0xc6, 0xc6);
        Set(map, ModRm | ImmediateFull, 0xc7, 0xc7);
        Set(map, Other, 0xc8, 0xca);
        Set(map, Immediate8, 0xcd, 0xcd);
        Set(map, Other, 0xce, 0xce);
        Set(map, ModRm, 0xd0, 0xd3);
        Set(map, Other, 0xd4, 0xdf);
        Set(map, Immediate8, 0xe0, 0xe7);
        Set(map, ImmediateFull, 0xe8, 0xe9);
        Set(map, Other, 0xea, 0xea);
        Set(map, Immediate8, 0xeb, 0xeb);
        Set(map, Other, 0xf0, 0xf3);
        Set(map, ModRm, 0xf6, 0xf7);
        Set(map, ModRm, 0xfe, 0xff);
        return map;
    }

    /// <summary>Only what kernels are made of: moves, conditions, bit operations, atomics and the plain system instructions.</summary>
    private static byte[] TwoByteMap()
    {
        var map = new byte[256];
        Set(map, Other, 0x00, 0xff);
        Set(map, 0, 0x05, 0x05);
        Set(map, 0, 0x0b, 0x0b);
        Set(map, ModRm, 0x18, 0x18);
        Set(map, ModRm, 0x1f, 0x1f);
        Set(map, 0, 0x30, 0x33);
        Set(map, ModRm, 0x40, 0x4f);
        Set(map, ImmediateFull, 0x80, 0x8f);
        Set(map, ModRm, 0x90, 0x9f);
        Set(map, 0, 0xa2, 0xa2);
        Set(map, ModRm, 0xa3, 0xa3);
        Set(map, ModRm | Immediate8, 0xa4, 0xa4);
        Set(map, ModRm, 0xa5, 0xa5);
        Set(map, ModRm, 0xab, 0xab);
        Set(map, ModRm | Immediate8, 0xac, 0xac);
        Set(map, ModRm, 0xad, 0xad);
        Set(map, ModRm, 0xaf, 0xb1);
        Set(map, ModRm, 0xb3, 0xb3);
        Set(map, ModRm, 0xb6, 0xb7);
        Set(map, ModRm, 0xb9, 0xb9);
        Set(map, ModRm | Immediate8, 0xba, 0xba);
        Set(map, ModRm, 0xbb, 0xbf);
        Set(map, ModRm, 0xc0, 0xc1);
        Set(map, 0, 0xc8, 0xcf);
        return map;
    }

    private static void Set(byte[] map, byte kind, int first, int last) => Array.Fill(map, kind, first, last - first + 1);
}

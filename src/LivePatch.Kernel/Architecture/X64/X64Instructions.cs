using LivePatch.Kernel.Architecture.Capstone;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>x86-64 instructions, as gcc and clang write them for kernels.</summary>
/// <param name="branches">Which of them lead where.</param>
internal sealed class X64Instructions(IBranches branches) : IInstructions
{
    /// <summary>No instruction is longer (Intel SDM volume 2, 2.3.11).</summary>
    public const int Longest = 15;

    public IInstructionDecoder Decoder { get; } = new CapstoneDecoder(CapstoneArchitecture.X86, CapstoneMode.Bits64);

    public ulong[] Ends(ReadOnlySpan<byte> code)
    {
        var ends = new List<ulong>(code.Length / 4);
        for (var offset = 0; offset < code.Length;)
        {
            var length = X64InstructionLength.Of(code[offset..]);
            if (length == 0 && !Decoder.TryGetLength(code, offset, out length)
                && (length = X64InstructionLength.ByEncoding(code[offset..])) == 0)
            {
                break;
            }

            offset += length;
            ends.Add((ulong)offset);
        }

        return [.. ends];
    }

    public bool RunsOn(ReadOnlySpan<byte> instruction)
    {
        var encoding = X64Encoding.Of(instruction);
        return encoding switch
        {
            // ret, int3, hlt, jmp, call, iret; call and jmp through a pointer.
            { Map: 0, Opcode: 0xc2 or 0xc3 or 0xca or 0xcb or 0xcc or 0xcf or 0xf4 or 0xe8 or 0xe9 or 0xeb } => false,
            { Map: 0, Opcode: 0xff } => encoding.Extension(instruction) is not (>= 2 and <= 5),

            // ud2, ud1, ud0; sysret, sysexit.
            { Map: 1, Opcode: 0x0b or 0xb9 or 0xff or 0x07 or 0x35 } => false,
            _ => true,
        };
    }

    public AddressUse UseOf(ReadOnlySpan<byte> instruction, int offset)
    {
        if (branches.Field(instruction) is { IsBranch: true } branch)
        {
            return branch.Offset == offset ? AddressUse.Branch : AddressUse.Unknown;
        }

        var encoding = X64Encoding.Of(instruction);
        if (encoding.Displacement(instruction) is { } displacement && displacement.Offset == offset)
        {
            // lea only computes.
            return displacement.HasRegisters ? AddressUse.Indexed
                : encoding is { Map: 0, Opcode: 0x8d } ? AddressUse.Load
                : AddressUse.Access;
        }

        return encoding switch
        {
            // movabs and mov with an immediate, push; the accumulator forms with a full address.
            { Map: 0, Opcode: (>= 0xb8 and <= 0xbf) or 0xc7 or 0x68 } => AddressUse.Load,
            { Map: 0, Opcode: >= 0xa0 and <= 0xa3 } => AddressUse.Access,
            { Map: 0, Opcode: 0x81 or 0x69 or 0xa9 or 0xf7 } => AddressUse.Bound,
            { Map: 0, Opcode: < 0x40 } when (encoding.Opcode & 7) == 5 => AddressUse.Bound,
            _ => AddressUse.Unknown,
        };
    }

    /// <summary>Follows the encoding (Intel SDM volume 2, chapter 2): prefixes, opcode map, ModRM, SIB, displacement.</summary>
    public bool IsMemoryOperand(ReadOnlySpan<byte> instruction, int offset)
    {
        var at = 0;
        while (at < instruction.Length
            && (
                instruction[at] is 0x66 or 0x67 or 0xf0 or 0xf2 or 0xf3 or 0x2e or 0x36 or 0x3e or 0x26 or 0x64 or 0x65
                    || (instruction[at] & 0xf0) == 0x40))
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

    public IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code) => X64ArgumentDecoder.Decode(code, Ends(code));

    /// <summary>Nops of any length (Intel SDM volume 2, NOP): 0x90 and 0f 1f /0, with any number of prefixes 66 and 2e.</summary>
    public int FillerLength(ReadOnlySpan<byte> code)
    {
        if (code is [0x00 or 0xcc, ..])
        {
            return 1;
        }

        var at = 0;
        while (at < code.Length && code[at] is 0x66 or 0x2e)
        {
            at++;
        }

        if (at < code.Length && code[at] == 0x90)
        {
            return at + 1;
        }

        if (at + 2 >= code.Length || code[at] != 0x0f || code[at + 1] != 0x1f)
        {
            return 0;
        }

        var (mod, rm) = (code[at + 2] >> 6, code[at + 2] & 7);
        at += 3 + (mod != 3 && rm == 4 ? 1 : 0) + mod switch { 1 => 1, 2 => 4, _ => 0 };
        return at <= code.Length ? at : 0;
    }
}

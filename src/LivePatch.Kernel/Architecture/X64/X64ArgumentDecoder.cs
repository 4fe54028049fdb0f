using System.Buffers.Binary;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>Finds constants loaded into argument registers or pushed, calls and ends of blocks. Capstone says where instructions
/// begin; their first bytes say the rest (Intel SDM volume 2).</summary>
internal static class X64ArgumentDecoder
{
    // rdi, rsi, rdx, rcx, r8, r9 by encoding number: the System V argument registers.
    private static readonly int[] Arguments = [7, 6, 2, 1, 8, 9, Pushed];

    /// <summary>In place of a register: the seventh argument and those after it are pushed.</summary>
    private const int Pushed = 16;

    public static List<ArgumentInstruction>? Decode(ReadOnlySpan<byte> code, ulong[] ends)
    {
        var result = new List<ArgumentInstruction>(ends.Length);
        var position = 0;
        foreach (var end in ends)
        {
            result.Add(Classify(code[position..(int)end], (ulong)position));
            position = (int)end;
        }

        return position == code.Length ? result : null;
    }

    private static ArgumentInstruction Classify(ReadOnlySpan<byte> bytes, ulong offset)
    {
        var at = 0;
        var extended = false;
        while (at < bytes.Length - 1 && (bytes[at] is 0x66 or 0x67 or 0xf2 or 0xf3 or 0x2e or 0x3e or 0x26 or 0x36 or 0x64 or 0x65))
        {
            at++;
        }

        if (at < bytes.Length - 1 && (bytes[at] & 0xf0) == 0x40)
        {
            extended = (bytes[at] & 1) != 0;
            at++;
        }

        var opcode = bytes[at];
        var modrm = at + 1 < bytes.Length ? bytes[at + 1] : (byte)0;

        // A jump whose displacement is left to a relocation is a call in the tail position.
        var isTailCall = opcode == 0xe9 && bytes.Length - at == 5 && BinaryPrimitives.ReadInt32LittleEndian(bytes[^4..]) == 0;
        var isCall = opcode == 0xe8 || isTailCall || (opcode == 0xff && ((modrm >> 3) & 7) == 2);
        var endsBlock = opcode is 0xe9 or 0xeb or 0xc3 or 0xc2 or 0xcc || (opcode & 0xf0) == 0x70
            || (opcode == 0xff && ((modrm >> 3) & 7) == 4)
            || (opcode == 0x0f && ((modrm & 0xf0) == 0x80 || modrm == 0x0b));

        // mov $imm32, %r32 is b8+r; mov $imm32, %r64 is c7 /0 with a register operand.
        if ((opcode & 0xf8) == 0xb8 && bytes.Length - at == 5)
        {
            return Immediate(bytes, offset, (opcode & 7) + (extended ? 8 : 0), at + 1);
        }

        if (opcode == 0xc7 && (modrm & 0xf8) == 0xc0 && bytes.Length - at == 6)
        {
            return Immediate(bytes, offset, (modrm & 7) + (extended ? 8 : 0), at + 2);
        }

        if (opcode == 0x68 && bytes.Length - at == 5)
        {
            return Immediate(bytes, offset, Pushed, at + 1);
        }

        if (opcode == 0x6a && bytes.Length - at == 2)
        {
            return new ArgumentInstruction(offset, bytes.Length, false, false, Pushed, (sbyte)bytes[at + 1], at + 1);
        }

        // Branches by what they test: 7x with one byte is 0f 8x with four.
        var (kind, near) = opcode switch
        {
            0xeb or 0xe9 => (0xe9, opcode == 0xe9),
            0xe8 => (0xe8, true),
            >= 0x70 and <= 0x7f => (opcode, false),
            0x0f when modrm is >= 0x80 and <= 0x8f => (0x70 | (modrm & 0xf), true),
            >= 0xe0 and <= 0xe3 => (opcode, false),
            _ => (0, false),
        };
        long? branch = kind == 0 || bytes.Length - at < (near ? 5 : 2)
            ? null
            : near
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes[^4..])
            : (sbyte)bytes[^1];
        long? jump = opcode switch
        {
            0xeb => (sbyte)bytes[^1],
            0xe9 when bytes.Length - at == 5 => BinaryPrimitives.ReadInt32LittleEndian(bytes[^4..]),
            _ => null,
        };
        return new ArgumentInstruction(offset, bytes.Length, isCall, endsBlock, -1, null, 0)
        {
            // A displacement of zero stands for a relocation, and leads elsewhere.
            JumpTarget = jump is { } distance and not 0 ? (ulong)((long)offset + bytes.Length + distance) : null,
            IsJump = jump is not null,
            BranchTarget = branch is { } way and not 0 ? (ulong)((long)offset + bytes.Length + way) : null,
            BranchKind = branch is null ? 0 : kind,
            IsNop = (opcode == 0x90 && !extended && !bytes[..at].Contains((byte)0xf3)) || (opcode == 0x0f && modrm == 0x1f),
            IsStore = opcode is 0x88 or 0x89 or 0xc6 or 0xc7 && (modrm & 0xc0) != 0xc0,
            IsTrap = opcode == 0x0f && modrm == 0x0b,
        };
    }

    private static ArgumentInstruction Immediate(ReadOnlySpan<byte> bytes, ulong offset, int register, int at) =>
        Array.IndexOf(Arguments, register) < 0
            ? new ArgumentInstruction(offset, bytes.Length, false, false, -1, null, 0)
            : new ArgumentInstruction(
                offset, bytes.Length, false, false, register, BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]), at);
}

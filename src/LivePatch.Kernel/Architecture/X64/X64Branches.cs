using System.Buffers.Binary;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>Distances in x86-64 instructions: every one is counted from the end of the instruction (Intel SDM volume 2, 2.2.1.6), and has
/// one byte or four. The field of a branch ends the instruction.</summary>
internal sealed class X64Branches : IBranches
{
    private const int LongWidth = 4;

    /// <summary>The five-byte nop objtool and recordmcount leave where a call of the tracer was (P6 nop, arch/x86/include/asm/nops.h, Linux
    /// 6.1).</summary>
    internal static ReadOnlySpan<byte> FiveByteNop => [0x0f, 0x1f, 0x44, 0x00, 0x00];

    private static readonly byte[] ShortDistance = [0xe0, 0xe1, 0xe2, 0xe3, 0xeb];

    /// <summary>jcc: 0f 80 to 0f 8f, and a field of four bytes.</summary>
    private static readonly byte[] LongConditional =
        [.. Enumerable.Range(0x80, 16).SelectMany(static opcode => new byte[] { 0x0f, (byte)opcode, 0, 0, 0, 0 })];

    public PcRelativeField? Field(ReadOnlySpan<byte> instruction)
    {
        var encoding = X64Encoding.Of(instruction);
        if (encoding.Displacement(instruction) is (var offset, true, _) && offset + 4 <= instruction.Length)
        {
            return Field(instruction, offset, 4, isBranch: false);
        }

        var width = encoding switch
        {
            { Map: 0, Opcode: >= 0x70 and <= 0x7f } => 1,
            { Map: 0 } when Array.IndexOf(ShortDistance, encoding.Opcode) >= 0 => 1,
            { Map: 0, Opcode: 0xe8 or 0xe9 } => 4,
            { Map: 1, Opcode: >= 0x80 and <= 0x8f } => 4,

            // xbegin, whose distance is that of a branch.
            { Map: 0, Opcode: 0xc7, ModRm: >= 0 and var modRm } when instruction[modRm] == 0xf8 => 4,
            _ => 0,
        };
        if (width == 0 || instruction.Length < encoding.At + 1 + width)
        {
            return null;
        }

        return Field(instruction, instruction.Length - width, width, isBranch: true);
    }

    private static PcRelativeField Field(ReadOnlySpan<byte> instruction, int offset, int width, bool isBranch)
    {
        var distance = width == 1 ? (sbyte)instruction[offset] : BinaryPrimitives.ReadInt32LittleEndian(instruction[offset..]);
        var isShort = width == 1;
        return new PcRelativeField(
            offset, width, instruction.Length + distance, isBranch, isShort, isBranch ? X64RelocationType.Plt32 : X64RelocationType.Pc32,
            isShort ? -LongWidth : offset - instruction.Length);
    }

    public bool TryLead(Span<byte> instruction, in PcRelativeField field, long target)
    {
        var distance = target - instruction.Length;
        if (field.IsShort)
        {
            if (distance is < sbyte.MinValue or > sbyte.MaxValue)
            {
                return false;
            }

            instruction[field.Offset] = (byte)(sbyte)distance;
            return true;
        }

        if (distance is < int.MinValue or > int.MaxValue)
        {
            return false;
        }

        BinaryPrimitives.WriteInt32LittleEndian(instruction[field.Offset..], (int)distance);
        return true;
    }

    public void Clear(Span<byte> instruction, in PcRelativeField field) => instruction.Slice(field.Offset, field.Width).Clear();

    public ReadOnlySpan<byte> LongForm(ReadOnlySpan<byte> instruction) => X64Encoding.Of(instruction) switch
    {
        { Map: 0, Opcode: 0xeb } => FarJump,
        { Map: 0, Opcode: >= 0x70 and <= 0x7f and var opcode } => LongConditional.AsSpan((opcode & 0xf) * 6, 6),
        _ => default,
    };

    public ReadOnlySpan<byte> FarJump => [0xe9, 0, 0, 0, 0];

    public bool ReachesShort(long distance) => distance - 1 is >= sbyte.MinValue and <= sbyte.MaxValue;

    public void LeadShort(Span<byte> field, long distance) => field[0] = (byte)(sbyte)(distance - 1);

    public bool IsBranchField(ReadOnlySpan<byte> code, ulong offset) =>
        offset >= 1 && offset <= (ulong)code.Length
        && (
            code[(int)offset - 1] is 0xe8 or 0xe9
                || (offset >= 2 && code[(int)offset - 2] == 0x0f && (code[(int)offset - 1] & 0xf0) == 0x80));

    public IEnumerable<(ulong Site, ulong Target)> Find(ReadOnlyMemory<byte> code, ulong address, IReadOnlySet<ulong> targets)
    {
        for (var offset = 1; offset + LongWidth <= code.Length; offset++)
        {
            var end = offset + LongWidth;
            var target = address + (ulong)end + (ulong)BinaryPrimitives.ReadInt32LittleEndian(code.Span[offset..end]);
            if (targets.Contains(target) && IsBranchField(code.Span, (ulong)offset))
            {
                yield return (address + (ulong)offset - 1, target);
            }
        }
    }

    public bool IsCallField(ReadOnlySpan<byte> code, ulong offset) =>
        offset >= 1 && offset <= (ulong)code.Length && code[(int)offset - 1] == 0xe8;

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
}

using System.Buffers.Binary;
using LivePatch.Elf.Native;

namespace LivePatch.Kernel.Architecture;

/// <summary>Addresses in x86-64 instructions: every distance is counted from the end of the instruction (Intel SDM volume 2, 2.2.1.6).</summary>
internal sealed partial class X64Architecture
{
    private static readonly byte[] ShortDistance = [0xe0, 0xe1, 0xe2, 0xe3, 0xeb];

    // jcc: 0f 80 to 0f 8f.
    private static readonly byte[] LongConditional =
        [.. Enumerable.Range(0x80, 16).SelectMany(static opcode => new byte[] { 0x0f, (byte)opcode })];

    /// <inheritdoc/>
    /// <remarks>__pa_symbol(x) is x - __START_KERNEL_map + phys_base (arch/x86/include/asm/page_64.h).</remarks>
    public long PhysicalAddressBias => 0x8000_0000;

    public PcRelativeField? PcRelative(ReadOnlySpan<byte> instruction)
    {
        var encoding = X64Encoding.Of(instruction);
        if (encoding.Displacement(instruction) is (var offset, true, _) && offset + 4 <= instruction.Length)
        {
            return new PcRelativeField(offset, 4, BinaryPrimitives.ReadInt32LittleEndian(instruction[offset..]), false);
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

        var at = instruction.Length - width;
        return new PcRelativeField(at, width, width == 1 ? (sbyte)instruction[at] : BinaryPrimitives.ReadInt32LittleEndian(instruction[at..]), true);
    }

    public AddressUse UseOf(ReadOnlySpan<byte> instruction, int offset)
    {
        if (PcRelative(instruction) is { IsBranch: true } branch)
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

    public uint RelocationFor(in PcRelativeField field) => field.IsBranch ? X64RelocationType.Plt32 : X64RelocationType.Pc32;

    public ReadOnlySpan<byte> LongForm(ReadOnlySpan<byte> instruction) => X64Encoding.Of(instruction) switch
    {
        { Map: 0, Opcode: 0xeb } => FarJump[..1],
        { Map: 0, Opcode: >= 0x70 and <= 0x7f and var opcode } => LongConditional.AsSpan((opcode & 0xf) * 2, 2),
        _ => default,
    };

    public ReadOnlySpan<byte> FarJump => [0xe9, 0, 0, 0, 0];

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

    public int PaddingBytes(ReadOnlySpan<byte> code)
    {
        // Zeros are what a linker fills up with; nops and int3 come from compilers and objtool.
        var end = code.Length;
        while (end > 0 && code[end - 1] == 0)
        {
            end--;
        }

        var padding = 0;
        var at = 0;
        foreach (var next in InstructionEnds(code))
        {
            padding = IsFiller(code[at..(int)next]) ? padding + (int)next - at : 0;
            at = (int)next;
        }

        return at == code.Length ? padding : end == 0 ? code.Length : 0;
    }

    private static bool IsFiller(ReadOnlySpan<byte> instruction)
    {
        var encoding = X64Encoding.Of(instruction);
        return encoding is { Map: 0, Opcode: 0x90 or 0xcc }
            || (encoding is { Map: 1, Opcode: 0x1f })
            || !instruction.ContainsAnyExcept((byte)0);
    }

    public int? ReplacementBytes(string table, ReadOnlySpan<byte> entry) =>
        table == ".altinstructions"
            ? entry.Length switch
            {
                12 => entry[11],
                13 => entry[11],
                14 => entry[13],
                _ => null,
            }
            : null;
}

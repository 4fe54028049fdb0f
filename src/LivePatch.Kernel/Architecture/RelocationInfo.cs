using System.Collections.Immutable;

namespace LivePatch.Kernel.Architecture;

/// <summary>
/// What one relocation type writes.
///
/// Where a field shares its bytes with the opcode and with registers, <see cref="Mask"/> says which bits are the field's: the others are
/// compared like any other bit of the code.
/// </summary>
/// <param name="Type">The number in the low half of r_info.</param>
/// <param name="Name">The psABI's name.</param>
/// <param name="Width">Bytes written to; 0 for the type that writes nothing.</param>
/// <param name="IsPcRelative">True when the place's own address is subtracted.</param>
/// <param name="IsSigned">True when the field is sign-extended by whoever reads it.</param>
public sealed record RelocationInfo(uint Type, string Name, int Width, bool IsPcRelative, bool IsSigned)
{
    /// <summary>The bits it writes of each byte, in the order of the bytes; default when it writes all of them.</summary>
    public ImmutableArray<byte> Mask { get; init; }

    /// <summary>The bits it writes of one of its bytes; 0 outside of them.</summary>
    public byte BitsAt(int index) => index < 0 || index >= Width ? (byte)0 : Mask.IsDefault ? byte.MaxValue : Mask[index];

    /// <summary>True when no bit differs but those it writes.</summary>
    /// <param name="left">What is there, from the field on; may end before the field does.</param>
    /// <param name="right">As many bytes of the other.</param>
    public bool IsSameBeside(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var index = 0; !Mask.IsDefault && index < Math.Min(Width, left.Length); index++)
        {
            if (((left[index] ^ right[index]) & ~Mask[index]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the bits it writes are zero.</summary>
    /// <param name="field">The bytes it writes to.</param>
    public bool IsClear(ReadOnlySpan<byte> field)
    {
        for (var index = 0; index < field.Length; index++)
        {
            if ((field[index] & BitsAt(index)) != 0)
            {
                return false;
            }
        }

        return true;
    }
}

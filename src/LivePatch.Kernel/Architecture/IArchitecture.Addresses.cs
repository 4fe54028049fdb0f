namespace LivePatch.Kernel.Architecture;

/// <summary>Addresses in instructions.</summary>
public partial interface IArchitecture
{
    /// <summary>What is added to a symbol of the kernel image to get its physical address, as __pa_symbol() does.</summary>
    long PhysicalAddressBias { get; }

    /// <summary>The PC-relative field of an instruction; null when it has none.</summary>
    /// <param name="instruction">One whole instruction.</param>
    PcRelativeField? PcRelative(ReadOnlySpan<byte> instruction);

    /// <summary>What an instruction does with the address in one of its fields.</summary>
    /// <param name="instruction">One whole instruction.</param>
    /// <param name="offset">Where in it the field begins.</param>
    AddressUse UseOf(ReadOnlySpan<byte> instruction, int offset);

    /// <summary>The relocation an assembler would have written for a PC-relative field of four bytes.</summary>
    uint RelocationFor(in PcRelativeField field);

    /// <summary>The long form of a branch whose distance has one byte, up to its field of four bytes; empty when there is none.</summary>
    /// <param name="instruction">One whole instruction.</param>
    ReadOnlySpan<byte> LongForm(ReadOnlySpan<byte> instruction);

    /// <summary>A jump as far as any address, with zeros in its field, which ends it and has the type of <see cref="RelocationFor"/>.</summary>
    ReadOnlySpan<byte> FarJump { get; }

    /// <summary>True when what follows an instruction may be executed after it; calls count as not coming back, since one
    /// that ends a function does not.</summary>
    /// <param name="instruction">One whole instruction.</param>
    bool RunsOn(ReadOnlySpan<byte> instruction);

    /// <summary>How many bytes at the end of some code are only there to fill it up.</summary>
    int PaddingBytes(ReadOnlySpan<byte> code);

    /// <summary>How many bytes of replacement code an entry of a special table has; null when the table has no such thing.</summary>
    /// <param name="table">Name of the table's section.</param>
    /// <param name="entry">The entry's bytes.</param>
    int? ReplacementBytes(string table, ReadOnlySpan<byte> entry);
}

using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Kernel.Tests.Architecture;

/// <summary>Addresses in x86-64 instructions.</summary>
public sealed class X64AddressTests
{
    private static readonly IArchitecture X64 = Architectures.X64;

    [Theory]
    [InlineData("eb05", 1, 1, 5, true)]
    [InlineData("7480", 1, 1, -128, true)]
    [InlineData("e3fe", 1, 1, -2, true)]
    [InlineData("e210", 1, 1, 16, true)]
    [InlineData("e800010000", 1, 4, 256, true)]
    [InlineData("e9ffffffff", 1, 4, -1, true)]
    [InlineData("2ee900010000", 2, 4, 256, true)]
    [InlineData("0f8504000000", 2, 4, 4, true)]
    [InlineData("c7f804000000", 2, 4, 4, true)]
    [InlineData("488d0510000000", 3, 4, 16, false)]
    [InlineData("48c7051000000001000000", 3, 4, 16, false)]
    [InlineData("650f b60510000000", 4, 4, 16, false)]
    [InlineData("0f38f00510000000", 4, 4, 16, false)]
    [InlineData("660f3a0f051000000004", 5, 4, 16, false)]
    [InlineData("ff1510000000", 2, 4, 16, false)]
    [InlineData("c5f96f0510000000", 4, 4, 16, false)]
    [InlineData("c4e17d6f0510000000", 5, 4, 16, false)]
    [InlineData("62f17d486f0510000000", 6, 4, 16, false)]
    public void a_distance_is_found(string code, int offset, int width, long distance, bool isBranch)
    {
        var length = Bytes(code).Length;
        var relocation = isBranch ? X64RelocationType.Plt32 : X64RelocationType.Pc32;
        var addend = width == 1 ? -4 : offset - length;
        Assert.Equal(
            new PcRelativeField(
                offset, width, length + distance, isBranch, width == 1, relocation, addend), X64.Branches.Field(Bytes(code)));
    }

    [Theory]
    [InlineData("eb05", 16, "eb0e")]
    [InlineData("7405", 129, "747f")]
    [InlineData("7405", 130, null)]
    [InlineData("7405", -127, null)]
    [InlineData("e800000000", 256, "e8fb000000")]
    [InlineData("e800000000", 1L << 40, null)]
    [InlineData("48c7050000000001000000", 11, "48c7050000000001000000")]
    [InlineData("48c7050000000001000000", 27, "48c7051000000001000000")]
    public void an_instruction_is_made_to_lead_elsewhere(string code, long target, string? expected)
    {
        var bytes = Bytes(code);
        Assert.Equal(expected is not null, X64.Branches.TryLead(bytes, X64.Branches.Field(bytes)!.Value, target));
        Assert.Equal(Bytes(expected ?? code), bytes);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [InlineData(-127, true)]
    [InlineData(-128, false)]
    public void a_short_branch_reaches_as_far_as_its_byte(long distance, bool expected) =>
        Assert.Equal(expected, X64.Branches.ReachesShort(distance));

    [Theory]
    [InlineData("c3")]
    [InlineData("b804000000")]
    [InlineData("8b0425 10000000")]
    [InlineData("8b8010000000")]
    [InlineData("c5f877")]
    [InlineData("0fc8")]
    [InlineData("89e8")]
    [InlineData("83e803")]
    [InlineData("c7c0e9000000")]
    public void other_instructions_have_none(string code) => Assert.Null(X64.Branches.Field(Bytes(code)));

    [Theory]
    [InlineData("48c7c700000000", 3, AddressUse.Load)]
    [InlineData("bf00000000", 1, AddressUse.Load)]
    [InlineData("48b80000000000000000", 2, AddressUse.Load)]
    [InlineData("6800000000", 1, AddressUse.Load)]
    [InlineData("48c7070000 0000", 3, AddressUse.Load)]
    [InlineData("488d3d00000000", 3, AddressUse.Load)]
    [InlineData("488d042500000000", 4, AddressUse.Load)]
    [InlineData("488d8000000000", 3, AddressUse.Indexed)]
    [InlineData("488b04c500000000", 4, AddressUse.Indexed)]
    [InlineData("4a8b042500000000", 4, AddressUse.Indexed)]
    [InlineData("488b042500000000", 4, AddressUse.Access)]
    [InlineData("8b3500000000", 2, AddressUse.Access)]
    [InlineData("48c705000000 0001000000", 3, AddressUse.Access)]
    [InlineData("4881fb00000000", 3, AddressUse.Bound)]
    [InlineData("483d00000000", 2, AddressUse.Bound)]
    [InlineData("482d00000000", 2, AddressUse.Bound)]
    [InlineData("e800000000", 1, AddressUse.Branch)]
    public void what_an_address_is_for(string code, int offset, AddressUse use) =>
        Assert.Equal(use, X64.Instructions.UseOf(Bytes(code), offset));

    [Theory]
    [InlineData("c3", false)]
    [InlineData("0f0b", false)]
    [InlineData("cc", false)]
    [InlineData("e800000000", false)]
    [InlineData("eb00", false)]
    [InlineData("ffe0", false)]
    [InlineData("f3c3", false)]
    [InlineData("7400", true)]
    [InlineData("90", true)]
    [InlineData("ffc0", true)]
    [InlineData("0f05", true)]
    public void code_goes_on_behind_an_instruction(string code, bool expected) =>
        Assert.Equal(expected, X64.Instructions.RunsOn(Bytes(code)));

    [Theory]
    [InlineData("c390", 1)]
    [InlineData("c3cccccc", 3)]
    [InlineData("c30f1f4000", 4)]
    [InlineData("c366662e0f1f840000000000", 11)]
    [InlineData("c30000", 2)]
    [InlineData("b80700 0000ebf7", 0)]
    [InlineData("0f1f4000b807000000", 0)]
    [InlineData("000000", 3)]
    [InlineData("c3f390", 0)]
    [InlineData("c34990", 0)]
    public void filling_is_told_from_code(string code, int expected) => Assert.Equal(expected, X64.Instructions.PaddingBytes(Bytes(code)));

    [Theory]
    [InlineData("eb05", "e900000000")]
    [InlineData("7405", "0f8400000000")]
    [InlineData("e305", "")]
    [InlineData("e905000000", "")]
    public void a_short_branch_has_a_long_form(string code, string expected) =>
        Assert.Equal(Bytes(expected), X64.Branches.LongForm(Bytes(code)).ToArray());

    [Theory]
    [InlineData(".altinstructions", "000000000000000000000503", 3)]
    [InlineData(".altinstructions", "00000000000000000000050300", 3)]
    [InlineData(".altinstructions", "0000000000000000000000000503", 3)]
    [InlineData("__bug_table", "000000000000000000000503", null)]
    public void an_alternative_tells_how_long_its_replacement_is(string table, string entry, int? expected) =>
        Assert.Equal(expected, X64.Tables.ReplacementBytes(table, Bytes(entry)));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}

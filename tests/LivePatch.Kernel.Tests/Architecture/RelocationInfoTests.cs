using LivePatch.Kernel.Architecture;

namespace LivePatch.Kernel.Tests.Architecture;

/// <summary>What a relocation writes, bit by bit.</summary>
public sealed class RelocationInfoTests
{
    private static readonly RelocationInfo Whole = new(1, "WHOLE", 4, true, true);
    private static readonly RelocationInfo Shared = new(2, "SHARED", 4, true, true) { Mask = [0xe0, 0xff, 0xff, 0x60] };

    [Theory]
    [InlineData("00000000", "e0ffff60", true)]
    [InlineData("1f000090", "1fffff90", true)]
    [InlineData("00000000", "ffffffff", false)]
    [InlineData("01000000", "00000000", false)]
    [InlineData("00000000", "00000080", false)]
    public void bits_beside_the_field_are_told_from_it(string left, string right, bool isSame)
    {
        var (one, other) = (Convert.FromHexString(left), Convert.FromHexString(right));
        Assert.Equal(isSame, Shared.IsSameBeside(one, other));
        Assert.True(Whole.IsSameBeside(one, other));
    }

    [Theory]
    [InlineData("00000000", true, true)]
    [InlineData("1f000090", false, true)]
    [InlineData("20000000", false, false)]
    [InlineData("00000040", false, false)]
    public void a_field_is_clear_by_the_bits_it_has(string field, bool wholeIsClear, bool sharedIsClear)
    {
        Assert.Equal(wholeIsClear, Whole.IsClear(Convert.FromHexString(field)));
        Assert.Equal(sharedIsClear, Shared.IsClear(Convert.FromHexString(field)));
    }

    [Fact]
    public void a_field_at_the_end_of_what_is_there_is_compared_as_far_as_it_goes() =>
        Assert.True(Shared.IsSameBeside(Convert.FromHexString("e0ff"), Convert.FromHexString("0000")));

    [Fact]
    public void outside_its_bytes_nothing_is_written()
    {
        Assert.Equal([0, 0xff, 0xff, 0xff, 0xff, 0], Enumerable.Range(-1, 6).Select(Whole.BitsAt));
        Assert.Equal([0, 0xe0, 0xff, 0xff, 0x60, 0], Enumerable.Range(-1, 6).Select(Shared.BitsAt));
    }
}

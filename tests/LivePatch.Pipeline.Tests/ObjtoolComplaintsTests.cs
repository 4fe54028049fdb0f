using Xunit;

namespace LivePatch.Pipeline.Tests;

public sealed class ObjtoolComplaintsTests
{
    private static readonly HashSet<string> PartlyUnused = ["work", "apply_to_all.isra.0"];

    // A function has several symbols until the link is done, and each version of objtool takes another one.
    [Theory]
    [InlineData("work+0x160", false)]
    [InlineData("work.klp+0x160", false)]
    [InlineData("work.cold+0x3", false)]
    [InlineData("klp_new_0_1_work+0x160", false)]
    [InlineData("klp_new_0_1_work_more+0x160", true)]
    [InlineData("klp_new_12_30_apply_to_all_isra_0+0x160", false)]
    [InlineData("klp_hosted.work+0x160", false)]
    [InlineData("klp_hosted.work.cold+0x160", false)]
    [InlineData("other_work+0x160", true)]
    [InlineData("klp_new_0_1_other+0x160", true)]
    [InlineData("klp_new_work+0x160", true)]
    [InlineData("work+0x160: unsupported instruction or", true)]
    public void code_behind_a_branch_that_was_left_out_is_no_complaint(string place, bool counts)
    {
        var line = Line(place);
        Assert.Equal(counts ? [line] : [], ObjtoolComplaints.Select(line, PartlyUnused));
    }

    [Fact]
    public void many_lines_that_are_forgiven_hide_no_other()
    {
        var lines = Enumerable.Range(0, 50).Select(static number => Line($"work+0x{number:x}")).Append(Line("other+0x5"));
        Assert.Equal([Line("other+0x5")], ObjtoolComplaints.Select(string.Join('\n', lines), PartlyUnused));
    }

    private static string Line(string place) => $"livepatch-x.o: warning: objtool: {place}: unreachable instruction";
}

using LivePatch.Diff.Tests.Fixtures;

namespace LivePatch.Diff.Tests;

public sealed class FixtureParserTests
{
    [Fact]
    public void every_fact_is_understood()
    {
        var cases = FixtureParser.Parse("c", "/c", """
            # What it is about.
            compiler both
            cflags -O1 -g
            sources a.c b.c
            object nfs
            module-owned key
            struct bug_entry 16
            struct alt_instr unknown
            moved 10 12 +5
            changed f
            gcc: new g.isra.*
            clang: new g
            note LP0452 f
            klp k
            defines d
            local l
            lacks x
            section __bug_table entries 2
            section .t bytes 16
            string "a b\n"
            mcount f
            pending not yet
            pending-self nor this
            """);
        Assert.Equal(["gcc", "clang"], cases.Select(static one => one.Compiler));
        var first = cases[0];
        Assert.Equal(["-O1", "-g"], first.Flags);
        Assert.Equal(["a.c", "b.c"], first.Sources);
        Assert.Equal("nfs", first.ObjectName);
        Assert.Contains("key", first.ModuleOwned);
        Assert.Equal(16, first.StructSizes["bug_entry"]);
        Assert.False(first.StructSizes.ContainsKey("alt_instr"));
        Assert.Equal(17, first.MovedLines![12]);
        Assert.Equal(["g.isra.*"], first.New);
        Assert.Equal(["g"], cases[1].New);
        Assert.Equal([new Finding("LP0452", "f")], first.Notes);
        Assert.Equal(["a b\n"], first.Strings);
        Assert.Equal([("__bug_table", 2)], first.Entries);
        Assert.Equal([(".t", 16)], first.Bytes);
        Assert.Equal("not yet", first.Pending);
        Assert.Equal("nor this", first.PendingSelf);
    }

    [Theory]
    [InlineData("nonsense f")]
    [InlineData("changed")]
    [InlineData("changed f g")]
    [InlineData("refuse LP05 f")]
    [InlineData("refuse LP0501")]
    [InlineData("string unquoted")]
    [InlineData("section .x entries many")]
    [InlineData("section .x things 3")]
    [InlineData("compiler tcc")]
    [InlineData("# nothing")]
    [InlineData("nochange\nchanged f")]
    [InlineData("nochange\nklp f")]
    [InlineData("refuse LP0501 f\ndefines f")]
    public void what_makes_no_sense_is_rejected(string text) =>
        Assert.Throws<FormatException>(() => FixtureParser.Parse("c", "/c", text));

    [Theory]
    [InlineData("f", "f", true)]
    [InlineData("f", "g", false)]
    [InlineData("f.*", "f.12", true)]
    [InlineData("f.*", "f.", false)]
    [InlineData("f.*", "f.x", false)]
    [InlineData("f.*", "fx1", false)]
    [InlineData("f.*.cold", "f.3.cold", true)]
    [InlineData("f", null, false)]
    public void a_star_stands_for_digits(string pattern, string? name, bool matches) =>
        Assert.Equal(matches, NamePattern.Matches(pattern, name));
}

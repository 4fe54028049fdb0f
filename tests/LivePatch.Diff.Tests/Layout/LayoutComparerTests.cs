using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Layout;
using LivePatch.Elf.Dwarf;

namespace LivePatch.Diff.Tests.Layout;

public sealed class LayoutComparerTests
{
    private const string Uses = "struct foo *g; long f(void) { return (long)sizeof(*g); }";

    [Fact]
    public void a_field_put_in_the_middle_is_told_with_what_it_moves()
    {
        var change = Assert.Single(Compare("struct foo { int a; long b; };", "struct foo { int a; long n; long b; };"));
        Assert.Equal("struct foo", change.Type);
        Assert.Equal(
            ["its size goes from 16 to 24 bytes", "n is new at byte 8 (8 bytes)", "b moves from byte 8 to byte 16 (8 bytes)"],
            change.Details);
    }

    [Fact]
    public void an_appended_field_and_one_in_padding_are_changes()
    {
        Assert.Equal(
            ["its size goes from 16 to 24 bytes", "n is new at byte 16 (4 bytes)"],
            Assert.Single(Compare("struct foo { int a; long b; };", "struct foo { int a; long b; int n; };")).Details);
        Assert.Equal(
            ["n is new at byte 4 (2 bytes)"],
            Assert.Single(Compare("struct foo { int a; long b; };", "struct foo { int a; short n; long b; };")).Details);
    }

    [Fact]
    public void a_removed_a_resized_and_a_bit_field_are_changes()
    {
        Assert.Contains(
            "a, at byte 0 (4 bytes), is gone", Assert.Single(Compare("struct foo { int a; int b; };", "struct foo { int b; };")).Details);
        Assert.Contains(
            "b at byte 4 goes from 2 bytes to 4 bytes",
            Assert.Single(Compare("struct foo { int a; short b; };", "struct foo { int a; int b; };")).Details);
        Assert.Contains(
            "b moves from byte 0 bit 1 to byte 0 bit 2 (1 bit)",
            Assert.Single(Compare("struct foo { int a:1, b:1; };", "struct foo { int a:2, b:1; };")).Details);
    }

    [Theory]
    [InlineData("struct foo { int a; };", "struct foo { unsigned renamed; };")]
    [InlineData("struct foo { void *p; };", "struct foo { struct foo *next; };")]
    [InlineData("struct foo { int a; };", "struct foo { int a; }; struct bar { long x; } bar;")]
    [InlineData("struct foo { int a; }; enum e { A, B } e;", "struct foo { int a; }; enum e { A, B, C } e;")]
    [InlineData("struct foo { int a, b; };", "struct foo { union { int a; float x; }; int b; };", true)]
    public void bytes_that_stay_are_no_change(string before, string after, bool isChange = false) =>
        Assert.Equal(isChange ? 1 : 0, Compare(before, after).Count);

    [Fact]
    public void unions_typedefs_and_types_of_functions_are_compared()
    {
        Assert.Equal(
            "union u",
            Assert.Single(
                Compare("struct foo { int a; }; union u { int a; } u;", "struct foo { int a; }; union u { int a; long b; } u;")).Type);
        Assert.Equal(
            "t",
            Assert.Single(
                Compare(
                    "struct foo { int a; }; typedef struct { int a; } t; t x;",
                    "struct foo { int a; }; typedef struct { int a; int b; } t; t x;")).Type);
        var local = Assert.Single(Compare(
            "struct foo { int a; }; int h(int n) { struct l { int a; } v = { n }; return v.a; }",
            "struct foo { int a; }; int h(int n) { struct l { long b; int a; } v = { n, n }; return v.a; }"));
        Assert.Equal("struct l of h", local.DisplayName);
    }

    [Fact]
    public void a_structure_that_holds_the_changed_one_names_it_as_the_reason()
    {
        var changes = Compare(
            "struct in { int a; }; struct foo { struct in in[2]; int b; }; struct in *i; int k(void) { return i->a; }",
            "struct in { int a; int n; }; struct foo { struct in in[2]; int b; }; struct in *i; int k(void) { return i->a; }");
        Assert.Equal(["struct in", "struct foo"], changes.Select(static change => change.Type));
        Assert.Equal(["struct in"], changes[1].Because);
        var report = new LayoutReport([]);
        report.Add("a.o", changes);
        report.Add("b.o", changes);
        var told = DiagnosticAssert.Single([.. report.Diagnostics()], LayoutDiagnostics.LayoutChanged);
        Assert.Equal(DiagnosticKind.Refusal, told.Kind);
        Assert.Equal("a.o: struct in", told.Location.ToString());
        Assert.Contains("2 objects", told.Text, StringComparison.Ordinal);
        Assert.Contains("struct foo (its size goes from 12 to 20 bytes)", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void changed_values_of_an_enumeration_are_told()
    {
        var changes = Compare("struct foo { int a; }; enum e { A, B, MAX } e;", "struct foo { int a; }; enum e { A, N, B, MAX } e;");
        var change = Assert.Single(changes);
        Assert.Equal(["B goes from 1 to 2", "MAX goes from 2 to 3"], change.Details);
        var report = new LayoutReport([]);
        report.Add("a.o", changes);
        DiagnosticAssert.Single([.. report.Diagnostics()], LayoutDiagnostics.ValuesChanged);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("struct foo")]
    public void the_author_can_accept_a_type(string name)
    {
        var report = new LayoutReport([name]);
        report.Add("a.o", Compare("struct foo { int a; };", "struct foo { int a, b; };"));
        DiagnosticAssert.Single([.. report.Diagnostics()], LayoutDiagnostics.Accepted);
    }

    [Fact]
    public void accepting_what_does_not_change_is_told()
    {
        var report = new LayoutReport(["fooo"]);
        report.Add("a.o", Compare("struct foo { int a; };", "struct foo { int a, b; };"));
        var told = report.Diagnostics().ToList();
        DiagnosticAssert.Contains(told, LayoutDiagnostics.LayoutChanged);
        DiagnosticAssert.Contains(told, LayoutDiagnostics.NothingToAccept);
    }

    private static IReadOnlyList<LayoutChange> Compare(string before, string after)
    {
        using var original = CompiledSource.C(before + Uses, "gcc", "-g", "-O2");
        using var patched = CompiledSource.C(after + Uses, "gcc", "-g", "-O2");
        return LayoutComparer.Compare(new DwarfObject(original.Read()).Types!, new DwarfObject(patched.Read()).Types!);
    }
}

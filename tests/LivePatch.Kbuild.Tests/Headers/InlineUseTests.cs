using LivePatch.Kbuild.Headers;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class InlineUseTests
{
    private const string Rest =
        "struct s { int f, g; } __attribute__((packed)); extern int k(struct s *); const char *t = \"f {\"; int used(struct s *p) { "
            + "return h(p) + '\"'; }";

    [Theory]
    [
        InlineData(
            "static inline int f(int a) { return 1; }",
            "static inline int f(int a) { return 2; }",
            false,
            "the field f of a structure may mean it")]
    [InlineData("static inline int u(int a) { return 1; }", "static inline int u(int a) { return 2; }", true, "nothing names it")]
    [InlineData("static inline int h(void *a) { return 1; }", "static inline int h(void *a) { return 2; }", false, "a function uses it")]
    [
        InlineData(
            "static inline int v(void) { return 1; } static inline int u(void) { return v(); }",
            "static inline int v(void) { return 2; } static inline int u(void) { return v(); }",
            true,
            "only an unused one uses it")]
    [
        InlineData(
            "static inline int v(void) { return 1; } static inline int h(void *a) { return v(); }",
            "static inline int v(void) { return 2; } static inline int h(void *a) { return v(); }",
            false,
            "a used one uses it")]
    [
        InlineData(
            "static inline int h(void *a) { return 1; }",
            "static inline int v(void) { return 2; } static inline int h(void *a) { return v(); }",
            false,
            "a used one comes to use it")]
    [InlineData("", "static inline int u(void) { return 2; }", true, "a new one")]
    [InlineData("static inline int u(void) { return 2; }", "", true, "one less")]
    [InlineData("static inline int u(void) { return 1; }", "static int u(void) { return 2; }", false, "no longer inline")]
    [
        InlineData(
            "static inline __attribute__((__gnu_inline__)) __attribute__((__unused__)) int u(void) { return 1; }",
            "static inline __attribute__((__gnu_inline__)) __attribute__((__unused__)) int u(void) { return 2; }",
            true,
            "the kernel's inline")]
    [
        InlineData(
            "static inline __attribute__((__used__)) int u(void) { return 1; }",
            "static inline __attribute__((__used__)) int u(void) { return 2; }",
            false,
            "kept without a use")]
    [
        InlineData(
            "static inline int u(void) { return 1; }\n#pragma pack(1)\n",
            "static inline int u(void) { return 2; }\n#pragma pack(2)\n",
            false,
            "another pragma")]
    [InlineData("static int w(void) { return 1; }", "static int w(void) { return 2; }", false, "no inline function")]
    [
        InlineData(
            "static inline int u(void) { return 1; } int y;",
            "int y; static inline int u(void) { return 1; }",
            false,
            "only the order differs")]
    [
        InlineData(
            "static inline int u(void); static inline int u(void) { return 1; }",
            "static inline int u(void); static inline int u(void) { return 2; }",
            true,
            "declared before")]
    [
        InlineData(
            "static inline struct { int a; } *u(void) { return 0; }",
            "static inline struct { int a; } *u(void) { return (void *)1; }",
            false,
            "not understood")]
    public void only_what_is_used_counts(string before, string after, bool isUnaffected, string why) =>
        Assert.True(isUnaffected == InlineUse.IsUnaffected($"{before}\n{Rest}", $"{after}\n{Rest}"), why);

    [Fact]
    public void a_text_is_cut_into_its_declarations()
    {
        var items =
            InlineUse.Split(
                "#pragma GCC x\nint a = 1, b[] = { 1, 2 };\nstruct s\n{ int c; } d;\nstatic inline\tint f(int x)\n{ if (x) { return "
                    + "'}'; } return 0; }\n;asm(\".x {\");");
        Assert.Equal(
            [
                "#pragma GCC x", "int a = 1, b[] = { 1, 2 };", "struct s { int c; } d;",
                "static inline int f(int x) { if (x) { return '}'; } return 0; }", ";", "asm(\".x {\");"],
            items.Select(static item => item.Text.Trim()));
        Assert.Equal([null, null, null, "f", null, null], items.Select(static item => item.Inline));
    }

    [Theory]
    [InlineData("static inline int u(void) { return 1; } /* x */", "static inline int u(void) { return 2; }", "u")]
    [
        InlineData(
            "int a;\n#ifdef B\nstatic inline int u(void) { return 1; }\n#endif\nstatic inline int v(void) { return u(); }\nstatic "
                + "inline int w(void) { return 3; }",
            "int a;\n#ifdef B\nstatic inline int u(void) { return 2; }\n#endif\nstatic inline int v(void) { return u(); }\nstatic "
                + "inline int w(void) { return 3; }",
            "u v")]
    [InlineData("int a;", "int a; static inline int u(void) { return 2; }", "u")]
    [InlineData("static inline int u(void) { return 2; } int a;", "int a;", null)]
    [InlineData("#define A 1\nstatic inline int u(void) { return A; }", "#define A 2\nstatic inline int u(void) { return A + 1; }", null)]
    [
        InlineData(
            "static inline int u(void) { return 1;\n#ifdef A\n}\n#else\n+ 1; }\n#endif\n",
            "static inline int u(void) { return 2;\n#ifdef A\n}\n#else\n+ 1; }\n#endif\n",
            null)]
    [
        InlineData(
            "struct s { int a; }; static inline int u(void) { return 1; }",
            "struct s { long a; }; static inline int u(void) { return 2; }",
            null)]
    public void a_change_of_inline_functions_only_is_recognised(string before, string after, string? users)
    {
        var change = InlineChange.Of([(before, after)]);
        Assert.Equal(users, change is null ? null : string.Join(' ', change.Users.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("static inline int u(void) { return 2; } static inline int v(void) { return u(); } int f(void) { return v(); }", true)]
    [InlineData("static inline int u(void) { return 2; } static inline int v(void) { return u(); } int f(void) { return 1; }", false)]
    [InlineData("static inline __attribute__((__used__)) int u(void) { return 2; }", null)]
    [InlineData("int f(void) { return 1; }", null)]
    public void the_patched_text_tells_whether_it_uses_them(string text, bool? expected) =>
        Assert.Equal(expected, InlineUse.Uses(text, new HashSet<string> { "u" }));
}

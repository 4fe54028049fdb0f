using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Explain;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Diff.Tests;

/// <summary>Refusals say what was and what becomes, and what to do: an author must be able to act on them.</summary>
public sealed class RefusalTextTests
{
    private static readonly string[] Flags =
        [
            "-O2", "-w", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie", "-fno-asynchronous-unwind-tables", "-pg", "-mfentry",
            "-ffunction-sections", "-fdata-sections", "-fcf-protection=none"];

    [Theory]
    [InlineData("unsigned char v = 200;", "unsigned char v = 7;", "it was 200 (0xc8) and becomes 7")]
    [InlineData("short v = -3;", "short v = 3;", "it was -3 and becomes 3")]
    [InlineData("int v = 1;", "int v = 0x12345678;", "it was 1 and becomes 305419896 (0x12345678)")]
    [InlineData("long v;", "long v = 5;", "it was 0 and becomes 5")]
    [InlineData("char v[12] = \"old name\";", "char v[12] = \"new name\";", "it was \"old name\" and becomes \"new name\"")]
    [InlineData("int a, b, *v = &a;", "int a, b, *v = &b;", "it was &a and becomes &b")]
    [InlineData("char *v = \"one\";", "char *v = \"two\";", "it was \"one\" and becomes \"two\"")]
    [InlineData("int f(void), g(void); int (*v)(void) = f;", "int f(void), g(void); int (*v)(void) = g;", "it was &f and becomes &g")]
    [
        InlineData(
            "struct { char c; int n[4]; } v = { 1, { 2, 3, 4, 5 } };",
            "struct { char c; int n[4]; } v = { 1, { 2, 3, 9, 5 } };",
            "the 4 bytes at +0xc were 4 and become 9")]
    [
        InlineData(
            "struct { long n; char *s; } v = { 1, \"a\" };",
            "struct { long n; char *s; } v = { 1, \"b\" };",
            "the 8 bytes at +0x8 were \"a\" and become \"b\"")]
    public void changed_data_is_told_with_both_values(string before, string after, string expected)
    {
        var refusal = Assert.Single(Refusals(before, after), static item => item.Id == "LP0501");
        Assert.Equal("v", refusal.Location.Symbol);
        Assert.Contains(expected, refusal.Text, StringComparison.Ordinal);
        Assert.Contains("callback", refusal.Remedy, StringComparison.Ordinal);
        Assert.Contains("samples/livepatch/livepatch-shadow-fix1.c", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void a_function_that_cannot_be_redirected_is_told_with_its_callers()
    {
        const string Source = """
            int outside(int);
            __attribute__((no_instrument_function, noinline)) int quiet(int x) { return outside(x) + VALUE; }
            int caller(int x) { return quiet(x) * 3; }
            __attribute__((no_instrument_function)) int other(int x) { return quiet(x) * 5; }
            """;
        var refusal =
            Assert.Single(
                Refusals(Source.Replace("VALUE", "1", StringComparison.Ordinal), Source.Replace("VALUE", "2", StringComparison.Ordinal)));
        Assert.Equal("LP0503", refusal.Id);
        Assert.Contains("It is called by caller, which can be redirected", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("notrace", refusal.Remedy, StringComparison.Ordinal);
        Assert.Contains("inline", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void a_changed_trace_event_is_told_as_such()
    {
        const string Source = """
            int outside(int);
            __attribute__((no_instrument_function)) static void perf_trace_thing(void *data, int x) { outside(x + VALUE); }
            void *event_class_thing[] = { perf_trace_thing };
            """;
        var refusal =
            Assert.Single(
                Refusals(Source.Replace("VALUE", "1", StringComparison.Ordinal), Source.Replace("VALUE", "2", StringComparison.Ordinal)));
        Assert.Equal(("LP0503", "perf_trace_thing"), (refusal.Id, refusal.Location.Symbol));
        Assert.Contains("TRACE_EVENT made it", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("Leave the event as it was", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void a_file_without_the_tracers_call_is_told_as_such()
    {
        const string Source = "int outside(int); int work(int x) { return outside(x) + VALUE; }";
        var flags = Flags.Except(["-pg", "-mfentry"]).ToArray();
        var refusal = Assert.Single(Compare(
            Source.Replace(
                "VALUE",
                "1",
                StringComparison.Ordinal), Source.Replace("VALUE", "2",
                StringComparison.Ordinal), flags).Diagnostics, static item => item.IsFatal);
        Assert.Equal("LP0503", refusal.Id);
        Assert.Contains("compiled without -pg", refusal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("let the traced callers", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void a_new_variable_is_told()
    {
        const string Source = "int outside(int); int work(int x) { return outside(x); }";
        const string Patched = "int outside(int); static int count = 5; int work(int x) { return outside(x) + count++; }";
        var warning = Assert.Single(NewVariables.Check(Compare(Source, Patched, Flags)));
        Assert.Equal(("LP0461", "count"), (warning.Id, warning.Location.Symbol));
        Assert.Empty(NewVariables.Check(Compare(Patched, Patched.Replace("x) +", "x + 1) +", StringComparison.Ordinal), Flags)));
    }

    [Fact]
    public void what_is_the_same_but_for_a_removed_export_says_so()
    {
        const string Source = """
            int outside(int);
            int work(int x) { return outside(x); }
            """;
        const string Export = """
            __asm__(".section .export_symbol, \"a\"\n__export_symbol_work:\n\t.asciz \"GPL\"\n\t.asciz \"\"\n\t.balign 8\n\t.quad work\n\t.previous");
            """;
        var text = NoChangeText.Of([Compare(Source + Export, Source, Flags)]);
        Assert.Contains("the export of work", text, StringComparison.Ordinal);
        Assert.DoesNotContain("line numbers", text, StringComparison.Ordinal);
    }

    /// <summary>Each thing that may differ without effect has its name in the text; and the same twice has none.</summary>
    [Theory]
    [
        InlineData(
            "int helper(int x) { return outside(x); }",
            "static __attribute__((used)) int helper(int x) { return outside(x); }",
            "who sees helper")]
    [InlineData("", "static __attribute__((used)) int helper(int x) { return x; }", "used by nothing that runs: helper")]
    [InlineData("int helper(int x) { return outside(x); }", "", "stays in the running kernel: helper")]
    [
        InlineData(
            "static int limit READ_MOSTLY = 3; int g(void) { return limit++; }",
            "static int limit = 3; int g(void) { return limit++; }",
            "names or sections of limit")]
    [InlineData("static int hits ONCE __attribute__((used));", "", "hits")]
    [InlineData("", "static int hits ONCE __attribute__((used));", "hits")]
    [InlineData("INITCALL(12)", "INITCALL(13)", "__initcall__kmod_fixture__13_helper6")]
    public void what_differs_without_effect_is_named(string before, string after, string expected)
    {
        const string Head = "int outside(int); int work(int x) { return outside(x); }\n"
            + "#define READ_MOSTLY __attribute__((section(\".data..read_mostly\")))\n#define ONCE "
            + "__attribute__((section(\".data.once\")))\n"
            + "#define INITCALL(n) int __attribute__((section(\".init.text\"))) helper(void) { return outside(1); }"
            + " __asm__(\".section .initcall6.init, \\\"a\\\"\\n__initcall__kmod_fixture__\" #n \"_helper6: .long helper - "
            + ".\\n.previous\");\n";
        var result = Compare(Head + before, Head + after, Flags);
        Assert.True(result.IsNoChange, string.Join('\n', result.Diagnostics));
        Assert.Contains(expected, NoChangeText.Of([result]), StringComparison.Ordinal);
        Assert.EndsWith(
            "the compiled objects are the same.", NoChangeText.Of([Compare(Head + after, Head + after, Flags)]), StringComparison.Ordinal);
    }

    [Fact]
    public void what_is_told_of_many_is_five_names_and_a_number()
    {
        const string Source = "int outside(int); int work(int x) { return outside(x); }\n";
        var many =
            string.Concat(Enumerable.Range(0, 8).Select(static number => $"int gone{number}(int x) {{ return outside(x) + {number}; }}\n"));
        Assert.Contains("gone4 and 3 more", NoChangeText.Of([Compare(Source + many, Source, Flags)]), StringComparison.Ordinal);
    }

    [Fact]
    public void a_changed_constant_in_read_only_memory_has_another_remedy_than_setting_it()
    {
        const string Source =
            "int take(const void *); int f(void), g(void); static int (*const ops[2])(void) = { f, VALUE }; int work(void) { return "
                + "take(ops); }";
        var refusal =
            Assert.Single(
                Refusals(Source.Replace("VALUE", "f", StringComparison.Ordinal), Source.Replace("VALUE", "g", StringComparison.Ordinal)));
        Assert.Equal("LP0501", refusal.Id);
        Assert.Contains("cannot be set in a callback", refusal.Remedy, StringComparison.Ordinal);
        Assert.Contains("passes its address to take", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void a_literal_that_is_only_passed_on_is_not_told()
    {
        const string Source = "int print(const char *, ...); void work(int x) { print(\"value %d\", x + VALUE); }";
        var result =
            Compare(Source.Replace("VALUE", "1", StringComparison.Ordinal), Source.Replace("VALUE", "2", StringComparison.Ordinal), Flags);
        Assert.DoesNotContain(result.Diagnostics, static item => item.Id == "LP0459");
    }

    [Fact]
    public void texts_in_netlink_requests_are_one_message_for_all_functions()
    {
        const string Source = """
            struct ack { const char *text; };
            int outside(int);
            #define SAY(ack, words) ({ static const char __msg[] = words; if (ack) ack->text = __msg; -22; })
            int first(struct ack *ack, int x)
            {
                if (x == 1) return SAY(ack, "one");
                if (x == 2) return SAY(ack, "two");
                return outside(x) + VALUE;
            }
            int second(struct ack *ack, int x) { return x == 3 ? SAY(ack, "three") : outside(x) * VALUE; }
            """;
        var result =
            Compare(Source.Replace("VALUE", "5", StringComparison.Ordinal), Source.Replace("VALUE", "6", StringComparison.Ordinal), Flags);
        var warning = Assert.Single(result.Diagnostics, static item => item.Id == "LP0459");
        Assert.Contains("first (2), second (1)", warning.Text, StringComparison.Ordinal);
        Assert.Contains("3 instructions store", warning.Text, StringComparison.Ordinal);
        Assert.Contains("Wait for a second", warning.Remedy, StringComparison.Ordinal);
        Assert.Equal(3, Explanation.Of(result)
            .Count(static entry => entry.Kind == ExplanationKind.Outlives && entry.Reasons[0].Contains("__msg", StringComparison.Ordinal)));
    }

    [Fact]
    public void what_one_function_keeps_is_one_message_that_names_each()
    {
        const string Source = """
            struct net { const char *name; int (*work)(void); const char *more[8]; };
            int outside(int);
            static int late(void) { return outside(VALUE); }
            void choose(struct net *net, int x) { outside(x + VALUE); net->name = "md5"; NEW net->more[1] = "sha1"; }
            void all(struct net *net) { outside(VALUE); LINES }
            """;
        var lines = string.Join(' ', Enumerable.Range(0, 8).Select(static i => $"net->more[{i}] = \"text {i}\"; outside({i});"));
        var before = Source.Replace("LINES", lines, StringComparison.Ordinal);
        var result = Compare(
            before.Replace("VALUE", "5", StringComparison.Ordinal).Replace("NEW", string.Empty, StringComparison.Ordinal),
            before.Replace("VALUE", "6", StringComparison.Ordinal).Replace("NEW", "net->work = late;", StringComparison.Ordinal),
            Flags);
        var warnings = result.Diagnostics.Where(static item => item.Id == "LP0459").ToDictionary(static item => item.Location.Symbol!);
        Assert.Equal(["all", "choose"], warnings.Keys.Order());
        Assert.All(
            ["md5", "sha1", "late", "2 other instructions of the kind"],
            text => Assert.Contains(text, warnings["choose"].Text, StringComparison.Ordinal));
        Assert.Contains("and 2 more (--explain has all)", warnings["all"].Text, StringComparison.Ordinal);
        Assert.Equal(11, result.Outliving.Count);
    }

    [Fact]
    public void every_refusal_has_a_remedy_of_more_than_a_few_words()
    {
        var descriptors = typeof(DiffRefusals).GetFields().Select(static field => (DiagnosticDescriptor)field.GetValue(null)!).ToList();
        Assert.True(descriptors.Count > 20);
        Assert.All(descriptors, static descriptor => Assert.True(descriptor.Remedy.Split(' ').Length > 5, descriptor.Id));
    }

    private static List<Diagnostic> Refusals(string before, string after) =>
        [.. Compare(before, after, Flags).Diagnostics.Where(static item => item.IsFatal)];

    private static DiffResult Compare(string before, string after, string[] flags)
    {
        using var original = CompiledSource.C(before, "gcc", flags);
        using var patched = CompiledSource.C(after, "gcc", flags);
        using var left = original.Read();
        using var right = patched.Read();
        return DiffEngine.Compare(
            left, right, Architectures.X64, X64SpecialSections.Create(new Dictionary<string, int>()), new DiffOptions(
                "vmlinux", new EverythingInVmlinux()));
    }

    private sealed class EverythingInVmlinux : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}

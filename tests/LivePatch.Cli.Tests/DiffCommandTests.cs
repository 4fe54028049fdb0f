using System.Text.Json;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

public sealed class DiffCommandTests
{
    private static readonly string[] Flags =
        [
            "-O2", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie", "-fno-asynchronous-unwind-tables", "-pg", "-mfentry",
            "-ffunction-sections", "-fdata-sections", "-fcf-protection=none"];

    private const string Original = """
        extern int outside(int);
        extern int printed(const char *);
        int value = 1;
        int first(int x) { return outside(x + 1); }
        int second(int x) { return printed("old text") + x; }
        """;

    [Fact]
    public async Task a_changed_function_gives_zero_and_json_with_the_contracts_keys()
    {
        var (result, json) = await DiffAsync(Original.Replace("old text", "new text", StringComparison.Ordinal), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["second"], Strings(json, "changed"));
        Assert.Empty(Strings(json, "new"));
        Assert.Equal(0, json.GetProperty("refusals").GetArrayLength());
        Assert.Equal(0, json.GetProperty("callbacks").GetArrayLength());
    }

    [Fact]
    public async Task names_that_nothing_has_are_told()
    {
        var (_, json) =
            await DiffAsync(
                Original.Replace("old text", "new text", StringComparison.Ordinal),
                "--json",
                "--pair",
                "valeu=value",
                "--allow-prototype-change",
                "nobody");
        var warnings =
            json.GetProperty("notes").EnumerateArray().Where(static item => item.GetProperty("id").GetString() == "LP0475").ToList();
        Assert.Equal(2, warnings.Count);
    }

    /// <summary>Beside code that stays it is a note that boot code comes out otherwise (fixtures); alone it is all of the fix.</summary>
    [Theory]
    [InlineData("", 2)]
    [InlineData("int set_len(int n) { if (check_len(n)) return -22; return reg(\"z\", n); }", 0)]
    public async Task a_fix_that_only_boot_code_would_have_is_refused(string user, int exitCode)
    {
        const string text =
            "extern int reg(const char *, int);\nstatic int check_len(int n) { return CHECK ? -22 : 0; }\n"
                + "int __attribute__((section(\".init.text\"), cold)) start(void) "
                + "{ int r = check_len(reg(\"x\", 1)); return r ? r : reg(\"y\", 2); }\n";
        using var original = CompiledSource.C(text.Replace("CHECK", "n > 16", StringComparison.Ordinal) + user, "gcc", [.. Flags, "-g"]);
        using var patched =
            CompiledSource.C(text.Replace("CHECK", "n > 16 || n < 0", StringComparison.Ordinal) + user, "gcc", [.. Flags, "-g"]);
        var result = await CommandResult.RunAsync("diff", original.ObjectPath, patched.ObjectPath);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 2, result.Error.Contains("LP0502", StringComparison.Ordinal));
    }

    [Fact]
    public async Task the_authors_word_is_taken_for_layouts_prototypes_and_variables()
    {
        const string before =
            "struct s { int a, b; }; extern int use(struct s *); static int old = 1; int f(int x) { struct s s = { x, old++ }; return "
                + "use(&s); }";
        const string after =
            "struct s { int b, a; }; extern int use(struct s *); static int other = 1; int f(int x, int y) { struct s s = { x + y, "
                + "other++ }; return use(&s); }";
        using var original = CompiledSource.C(before, "gcc", [.. Flags, "-g"]);
        using var patched = CompiledSource.C(after, "gcc", [.. Flags, "-g"]);
        string[] diff = ["diff", original.ObjectPath, patched.ObjectPath];
        Assert.Equal(2, (await CommandResult.RunAsync(diff)).ExitCode);
        Assert.Equal(
            0,
            (
                await CommandResult.RunAsync(
                    [.. diff, "--allow-layout-change", "s", "--allow-prototype-change", "f", "--pair", "old=other"])).ExitCode);
        Assert.Equal(1, (await CommandResult.RunAsync([.. diff, "--pair", "nonsense"])).ExitCode);
    }

    [Fact]
    public async Task a_new_function_is_named()
    {
        var (result, json) = await DiffAsync(Original.Replace("outside(x + 1)", "added(x)", StringComparison.Ordinal)
            .Replace(
                "int value",
                "static __attribute__((noinline)) int added(int x) { return outside(x * 5); }\nint value",
                StringComparison.Ordinal), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["first"], Strings(json, "changed"));
        Assert.Equal(["added"], Strings(json, "new"));
    }

    [Fact]
    public async Task no_change_gives_three()
    {
        var (result, _) = await DiffAsync("\n\n\n" + Original, "--json");
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public async Task changed_data_is_refused_with_two_and_a_place()
    {
        var (result, json) = await DiffAsync(Original.Replace("value = 1", "value = 2", StringComparison.Ordinal), "--json");
        Assert.Equal(2, result.ExitCode);
        var refusal = json.GetProperty("refusals")[0];
        Assert.Equal("LP0501", refusal.GetProperty("id").GetString());
        Assert.Contains("value", refusal.GetProperty("where").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(refusal.GetProperty("text").GetString()!);
    }

    [Fact]
    public async Task a_module_s_tracepoint_in_another_of_its_objects_is_the_module_s()
    {
        const string Traced = """
            extern int outside(int);
            int work(int x)
            {
                asm goto("1:\n.byte 0x0f, 0x1f, 0x44, 0, 0\n.pushsection __jump_table, \"aw\"\n.balign 8\n"
                    ".long 1b - ., %l[traced] - .\n.quad __tracepoint_thing + 8 - .\n.popsection" : : : : traced);
                return outside(x) + 1;
            traced:
                return outside(x + 5) + 1;
            }
            """;
        using var before = CompiledSource.C(Traced, "gcc", Flags);
        using var after = CompiledSource.C(Traced.Replace("+ 1", "+ 2", StringComparison.Ordinal), "gcc", Flags);
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("Module.symvers"), "0x00000001\toutside\tvmlinux\tEXPORT_SYMBOL\t\n");
        var result =
            await CommandResult.RunAsync(
                ["diff", before.ObjectPath, after.ObjectPath, "--object", "module", "--symvers", directory.File("Module.symvers")]);
        Assert.Contains("LP0454", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task an_output_is_written_only_when_there_is_one()
    {
        using var directory = new TemporaryDirectory();
        var output = directory.File("out.o");
        await DiffAsync(Original.Replace("value = 1", "value = 2", StringComparison.Ordinal), "-o", output);
        Assert.False(File.Exists(output));
        await DiffAsync(Original.Replace("old text", "new text", StringComparison.Ordinal), "-o", output);
        Assert.True(File.Exists(output));
        Tool.Require("ld");
        Assert.Equal(0, Tool.Run("ld", "-r", "-o", directory.File("linked.o"), output).ExitCode);
    }

    [Fact]
    public async Task explain_says_why()
    {
        var (result, _) = await DiffAsync(Original.Replace("old text", "new text", StringComparison.Ordinal), "--explain");
        Assert.Contains("it uses the literal \"new text\" where it used \"old text\"", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task explain_accounts_for_copies_literals_and_what_stays()
    {
        var (_, json) = await DiffAsync(Original.Replace("old text", "new text", StringComparison.Ordinal), "--explain", "--json");
        var entries =
            json.GetProperty("explain")
                .EnumerateArray()
                .Select(static entry => $"{entry.GetProperty("kind").GetString()} {entry.GetProperty("name").GetString()}")
                .ToList();
        Assert.Contains("copied second", entries);
        Assert.Contains("literal \"new text\"", entries);
        Assert.Contains("running printed", entries);
        Assert.DoesNotContain(entries, static entry => entry.EndsWith(" first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_truncated_object_is_an_error_and_no_exception()
    {
        using var source = CompiledSource.C(Original, "gcc", Flags);
        using var directory = new TemporaryDirectory();
        var cut = directory.File("cut.o");
        for (var length = 0; length < source.Bytes.Length; length += 97)
        {
            await File.WriteAllBytesAsync(cut, source.Bytes[..length], TestContext.Current.CancellationToken);
            var result = await CommandResult.RunAsync("diff", source.ObjectPath, cut);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(" error LP0", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("LP0005", result.Error, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string?> Strings(JsonElement json, string key) =>
        json.GetProperty(key).EnumerateArray().Select(static item => item.GetString());

    private static async Task<(CommandResult Result, JsonElement Json)> DiffAsync(string patched, params string[] more)
    {
        using var before = CompiledSource.C(Original, "gcc", Flags);
        using var after = CompiledSource.C(patched, "gcc", Flags);
        var result = await CommandResult.RunAsync(["diff", before.ObjectPath, after.ObjectPath, .. more]);
        return (result, more.Contains("--json") ? JsonDocument.Parse(result.Out).RootElement : default);
    }
}

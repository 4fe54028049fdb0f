using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf;
using LivePatch.TestSupport;

namespace LivePatch.Diff.Tests;

/// <summary>
/// Static branches as kernels that run objtool at the link write them (CONFIG_HAVE_JUMP_LABEL_HACK): all are jumps, and 2 is added to the
/// key of those that objtool makes no-ops. Where the entry is left out nobody does that but this tool.
/// </summary>
public sealed class StaticBranchLeftOutTests
{
    /// <summary>Marks the branch: no compiler writes these two.</summary>
    private const string Source =
        """
        struct static_key { int enabled; void *entries; };
        struct tracepoint { const char *name; struct static_key key; };
        extern struct tracepoint __tracepoint_io;
        int outside(int);
        int elsewhere(int);
        int work(int x)
        {
            __asm__ goto("int3; int3\n1:\t" BRANCH "\n"
                ".pushsection __jump_table, \"aw\"\n\t.balign 8\n\t.long 1b - ., %l[taken] - .\n\t.quad %c0 + " KEY " - .\n.popsection"
                : : "i"(&__tracepoint_io.key) : : taken);
            __asm__ volatile(FILL);
            return outside(x) + BY;
        taken:
            return elsewhere(x);
        }
        """;

    private const string Near = "";
    private const string Far = ".skip 300, 0x90";

    [Theory]
    [InlineData(Near, "2", "6690")]
    [InlineData(Near, "3", "6690")]
    [InlineData(Far, "2", "0f1f440000")]
    [InlineData(Far, "3", "0f1f440000")]
    public void a_jump_that_objtool_would_make_a_no_op_is_one(string fill, string key, string expected) =>
        Assert.StartsWith(expected, Branch("jmp %l[taken]", fill, key, isKept: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(Near, "0", "eb")]
    [InlineData(Near, "1", "eb")]
    [InlineData(Far, "0", "e9")]
    [InlineData(Far, "1", "e9")]
    public void a_jump_that_is_one_by_default_stays(string fill, string key, string expected) =>
        Assert.StartsWith(expected, Branch("jmp %l[taken]", fill, key, isKept: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void the_no_op_of_older_kernels_stays(string key) =>
        Assert.StartsWith("0f1f440000", Branch(".byte 0x0f, 0x1f, 0x44, 0x00, 0x00", Far, key, isKept: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(Near, "2", "eb")]
    [InlineData(Far, "3", "e9")]
    public void where_the_entry_goes_along_objtool_finds_the_jump(string fill, string key, string expected) =>
        Assert.StartsWith(expected, Branch("jmp %l[taken]", fill, key, isKept: true), StringComparison.Ordinal);

    /// <summary>The bytes of the branch in what is extracted, in hexadecimal.</summary>
    private static string Branch(string branch, string fill, string key, bool isKept)
    {
        var (before, after) = (Compile(branch, fill, key, "1"), Compile(branch, fill, key, "2"));
        IReadOnlySet<string> owned = isKept ? new HashSet<string>() : new HashSet<string> { "__tracepoint_io" };
        var sizes = new Dictionary<string, int> { ["jump_entry"] = 16 };
        var outcome = new EngineRunner().Run(new DiffRequest(before, after, "nfs", owned, sizes, null));
        Assert.Equal(["work"], outcome.Changed);
        using var output = outcome.Output;
        Assert.NotNull(output);
        Assert.Equal(isKept, output.FindSection("__jump_table") is { Size: > 0 });
        var code = output.FindSymbols("work").First(static symbol => symbol.Section is not null).Section!.Data.Span;
        var mark = code.IndexOf((ReadOnlySpan<byte>)[0xcc, 0xcc]);
        Assert.True(mark > 0);
        return Convert.ToHexStringLower(code.Slice(mark + 2, 5));
    }

    private static byte[] Compile(string branch, string fill, string key, string by)
    {
        using var source = CompiledSource.C(
            Source,
            "gcc",
            "-O2", "-mcmodel=kernel", "-fno-pie", "-fno-asynchronous-unwind-tables", "-pg", "-mfentry", "-mrecord-mcount",
            "-ffunction-sections", "-fcf-protection=none",
            $"-DBRANCH=\"{branch}\"", $"-DFILL=\"{fill}\"", $"-DKEY=\"{key}\"", $"-DBY={by}");
        return source.Bytes;
    }
}

using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>
/// Kinds of wrong modules that were made once. Each patch is either refused before a module is made, or its module is proved; should the
/// code that does so be lost, the proof is what refuses the module (tests/README.md tells how that was shown).
/// </summary>
public sealed class KindTests
{
    private const string Head = """
        #define noinline __attribute__((noinline))
        extern int exported(int x);
        extern int hidden(int x);
        extern int say(const char *text, ...);
        extern int shared_state;

        """;

    [Theory]
    [InlineData(
        "branches between functions of one section have no relocation",
        "static __attribute__((section(\".sched.text\"), __noinline__)) int sleeps(int x) { return hidden(x + 7); }\n"
        + "__attribute__((section(\".sched.text\"), __noinline__)) int work(int x) { int a = sleeps(x); return a > N ? sleeps(a) + 1 : a; }\n")]
    [InlineData(
        "a literal is read from its middle, and before it",
        "int work(int x) { return say(\"livepatched\" + 5, x + N); }\n")]
    [InlineData(
        "a static of a name that another source has too",
        "static noinline int twin(int x) { return exported(x) * 3 + 1; }\nint user(int x) { return twin(x) + 2; }\nint work(int x) { return twin(x) + N; }\n")]
    [InlineData(
        "a flag that guards more than a message",
        "static _Bool ___done __attribute__((section(\".data.once\")));\nint work(int x) { if (!___done) { ___done = 1; shared_state = hidden(x); } return shared_state + N; }\n")]
    [InlineData(
        "a fault that is repaired",
        "int work(int *p) { int v = N; asm volatile(\"1: mov (%1), %0\\n2:\\n.pushsection __ex_table,\\\"a\\\"\\n.balign 4\\n.long 1b - .\\n.long 2b - .\\n.long 3\\n.popsection\" : \"+r\" (v) : \"r\" (p)); return v; }\n")]
    [InlineData(
        "code that is replaced at load",
        "int work(int x) { asm volatile(\"771: lfence\\n772:\\n.pushsection .altinstructions,\\\"a\\\"\\n.long 771b - .\\n.long 774f - .\\n.word 7\\n.byte 772b - 771b\\n.byte 775f - 774f\\n.popsection\\n"
        + ".pushsection .altinstr_replacement,\\\"ax\\\"\\n774: mfence\\n775:\\n.popsection\"); return x + N; }\n")]
    [InlineData(
        "a table of strings",
        "static const char *const words[] = { \"alpha\", \"beta\", \"gamma\" };\nint work(int x) { return say(words[x & 1]) + N; }\n")]
    public void the_module_is_proved(string kind, string body)
    {
        using var kernel = SmallKernel.Make(Head + "#define N 3\n" + body, Head + "#define N 5\n" + body);
        Assert.True(kernel.Prove(kernel.Module) is { IsProved: true, Replaced: >= 1 }, $"{kind}: {string.Join('\n', kernel.Prove(kernel.Module).Diagnostics)}");
    }

    [Theory]
    [InlineData(
        "the end of an array of the kernel's is the beginning of a new variable",
        "static int values[8] __attribute__((section(\".data..read_mostly\"))) = { 1, 2, 3, 4, 5, 6, 7, 8 };\n",
        "int work(int x) { int sum = x; for (int *at = values; at < values + 8; at++) sum += hidden(*at); return sum; }\n",
        "static int front[2] __attribute__((section(\".data..read_mostly\"))) = { 8, 8 };\n"
        + "static int values[8] __attribute__((section(\".data..read_mostly\"))) = { 1, 2, 3, 4, 5, 6, 7, 8 };\n"
        + "static int behind[2] __attribute__((section(\".data..read_mostly\"))) = { 9, 9 };\n",
        "int work(int x) { int sum = x + 1; for (int *at = values; at < values + 8; at++) sum += hidden(*at); return sum; }\n"
        + "int user(int x) { return front[x & 1]++ + behind[x & 1]++; }\n")]
    [InlineData(
        "another name of a function means another one",
        "int first(int x) { return hidden(x) + 1; }\nint second(int x) { return hidden(x) + 2; }\nint chosen(int x) __attribute__((weak, alias(\"first\")));\n",
        "int work(int x) { return chosen(x) + 1; }\n",
        "int first(int x) { return hidden(x) + 1; }\nint second(int x) { return hidden(x) + 2; }\nint chosen(int x) __attribute__((weak, alias(\"second\")));\n",
        "int work(int x) { return chosen(x) + 2; }\n")]
    public void it_is_refused_or_proved(string kind, string before, string beforeWork, string after, string afterWork)
    {
        using var kernel = SmallKernel.TryMake(Head + before + beforeWork, Head + after + afterWork, out var refusals);
        Assert.True(kernel is null ? refusals.Any(static item => item.IsFatal) : kernel.Prove(kernel.Module).IsProved, kind);
    }
}

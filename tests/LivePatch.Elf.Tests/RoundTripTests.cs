using LivePatch.Elf.Writing;

namespace LivePatch.Elf.Tests;

/// <summary>An object read and written again is the same object, to us and to binutils.</summary>
public sealed class RoundTripTests
{
    private const string Source = """
        struct ops { int (*run)(int); const char *name; };
        static int counter;
        int big[100];
        int initialised = 7;
        const char text[] = "kept";
        __attribute__((weak)) int maybe(int x);
        extern int outside(int, const char *);
        static __attribute__((noinline)) int helper(int x) { static int calls; calls += x; return outside(calls, "hello"); }
        int run(int x) { __asm__ volatile(".Lodd%=: .pushsection .odd,\"ao\",@progbits,.Lodd%=\n .byte 1\n .popsection" ::: "memory"); counter++; if (maybe) x = maybe(x); return helper(x) + big[x] + initialised; }
        int choose(int x) { switch (x) { case 0: return 5; case 1: return run(1); case 2: return 9; case 3: return 12; case 4: return helper(3); default: return 0; } }
        const struct ops table = { run, "run" };
        __asm__(".section .empty,\"aw\"\n .previous\n .hidden hid\n .globl hid\n .set hid, 0x1234\n");
        __attribute__((visibility("hidden"))) int shy(void) { return 1; }
        """;

    public static readonly TheoryData<string, string> Builds = new()
    {
        { "gcc", "-O2 -ffunction-sections -fdata-sections -fno-pie -mcmodel=kernel" },
        { "gcc", "-O0 -g -ffunction-sections -fdata-sections" },
        { "gcc", "-O2 -g -gz" },
        { "clang", "-O2 -ffunction-sections -fdata-sections -fno-pie -mcmodel=kernel" },
        { "clang", "-O2 -g -ffunction-sections -fdata-sections -faddrsig" },
    };

    [Theory]
    [MemberData(nameof(Builds))]
    public void a_compiled_object_survives_rewriting(string compiler, string flags)
    {
        using var compiled = CompiledSource.C(Source, compiler, flags.Split(' '));
        using var original = compiled.Read();
        var bytes = ElfObjectBuilder.From(original).ToArray();
        using var rewritten = ElfObject.Read(bytes, "rewritten.o");
        Assert.Empty(ElfDifferences.Find(original, rewritten));
        Assert.Contains(rewritten.Symbols, static symbol => symbol.Name == "shy" && symbol.Other == 2);
        Assert.Equal(
            original.Sections[(int)original.FindSection(".odd")!.Link].Name,
            rewritten.Sections[(int)rewritten.FindSection(".odd")!.Link].Name);
        Assert.Contains(rewritten.Sections, static section => section.Name == ".empty" && section.Size == 0);
        BinutilsAssert.Accept(bytes);
    }

    [Fact]
    public void rewriting_twice_gives_the_same_bytes()
    {
        using var compiled = CompiledSource.C(Source, "gcc", "-O2", "-ffunction-sections");
        using var original = compiled.Read();
        var once = ElfObjectBuilder.From(original).ToArray();
        using var again = ElfObject.Read(once, "again.o");
        Assert.Equal(once, ElfObjectBuilder.From(again).ToArray());
    }

    [Fact]
    public void kernel_modules_of_this_machine_survive_rewriting()
    {
        const int Wanted = 200;
        var modules = Directory.Exists("/lib/modules")
            ? Directory.EnumerateFiles("/lib/modules", "*.ko", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray()
            : [];
        if (modules.Length == 0)
        {
            Assert.Skip("no uncompressed kernel module under /lib/modules");
        }

        var step = Math.Max(1, modules.Length / Wanted);
        var done = 0;
        for (var index = 0; index < modules.Length; index += step, done++)
        {
            using var original = ElfObject.Read(modules[index]);
            Assert.NotEmpty(original.Symbols);
            var bytes = ElfObjectBuilder.From(original).ToArray();
            using var rewritten = ElfObject.Read(bytes, "rewritten.ko");
            Assert.Empty(ElfDifferences.Find(original, rewritten));
            if (done % 50 == 0)
            {
                BinutilsAssert.Accept(bytes);
            }
        }

        Assert.True(done >= Math.Min(Wanted, modules.Length));
    }

    [Fact]
    public void sections_and_symbols_taken_out_are_gone_and_dangling_ones_are_reported()
    {
        using var compiled = CompiledSource.C(Source, "gcc", "-O2", "-ffunction-sections", "-fdata-sections");
        using var original = compiled.Read();
        var builder = ElfObjectBuilder.From(original);
        builder.RemoveSections(
            static section => section.Name is ".rela.text.choose" or ".text.choose" or ".rodata.choose" or ".rela.rodata.choose");
        DiagnosticAssert.Throws(ElfDiagnostics.CannotWrite, () => builder.ToArray());
        builder.RemoveSections(
            static section =>
                section.Name == ".odd" || section.Name.StartsWith(".eh_frame", StringComparison.Ordinal)
                    || section.Name.StartsWith(".rela.eh_frame", StringComparison.Ordinal));
        builder.RemoveSymbols(symbol => symbol.Section is not null && !builder.Sections.Contains(symbol.Section));
        var bytes = builder.ToArray();
        using var rewritten = ElfObject.Read(bytes, "less.o");
        Assert.Null(rewritten.FindSection(".text.choose"));
        Assert.Empty(rewritten.FindSymbols("choose"));
        Assert.NotEmpty(rewritten.FindSymbols("run"));
        BinutilsAssert.Accept(bytes);
    }
}

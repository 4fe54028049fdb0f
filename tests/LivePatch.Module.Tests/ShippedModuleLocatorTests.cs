using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Extract;
using LivePatch.Module.Shipped;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests;

/// <summary>Two objects of one base name, compiled and linked with the real tools as Kbuild links a composite module.</summary>
public sealed class ShippedModuleLocatorTests
{
    private const string First =
        "static int count; __attribute__((noinline)) static int help(int x) { return x * 3 + count++; } int first(int x) { return "
            + "help(x); }";
    private const string Second =
        "static int count; __attribute__((noinline)) static int help(int x) { return x * 5 - count++; } int second(int x) { return "
            + "help(x + 1); }";

    [Fact]
    public void code_and_data_of_each_object_are_found_by_their_bytes()
    {
        using var module = new Composite(First, Second);
        foreach (var index in new[] { 0, 1 })
        {
            var locator = module.Locator(index);
            Assert.Equal(module.Place("help", index), locator.PlaceOf(Request("help")));
            Assert.Equal(module.Place("count", index), locator.PlaceOf(Request("count")));
        }
    }

    [Fact]
    public void an_object_that_is_linked_twice_has_no_place()
    {
        using var module = new Composite(First, First.Replace("int first", "int other", StringComparison.Ordinal));
        Assert.Equal(module.Place("help", 0), module.Locator(0).PlaceOf(Request("help")));
        using var copies = new Composite(
            First.Replace("int first", "static __attribute__((used)) int first", StringComparison.Ordinal),
            First.Replace("int first", "static __attribute__((used)) int first", StringComparison.Ordinal));
        Assert.Null(copies.Locator(0).PlaceOf(Request("help")));
    }

    /// <summary>objtool makes nops of some jumps when it runs on the whole module.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void a_static_branch_may_be_a_nop_where_the_table_says_so(bool isInTable, bool isFound)
    {
        var branch = """
            extern char key;
            static int help(int x) { asm goto("1: jmp %l[yes]\n" TABLE :::: yes); return x * 3; yes: return x * 7 + FACTOR; }
            int NAME(int x) { return help(x) + 1; }
            """;
        var table = isInTable
            ? "\".pushsection __jump_table, \\\"aw\\\"\\n .balign 8\\n .long 1b - ., %l[yes] - .\\n .quad key + 2 - .\\n .popsection\\n\""
            : "\"\"";
        var text =
            $"#define TABLE {table}\n{branch.Replace("static int help", "__attribute__((noinline)) static int help", StringComparison.Ordinal)}";
        string Source(string name, int factor) =>
            text.Replace("NAME", name, StringComparison.Ordinal).Replace("FACTOR", $"{factor}", StringComparison.Ordinal);
        using var module = new Composite([0xeb], [0x66, 0x90], Source("first", 5), Source("second", 9));
        Assert.Equal(isFound ? module.Place("help", 1) : null, module.Locator(1).PlaceOf(Request("help")));
    }

    [Fact]
    public void an_object_of_another_source_has_no_place()
    {
        using var module = new Composite(First, Second);
        using var foreign = new Composite(First.Replace("x * 3", "x * 7", StringComparison.Ordinal), Second);
        Assert.Null(new ShippedModuleLocator(() => foreign.Objects[0], module.Module, Architectures.X64).PlaceOf(Request("help")));
    }

    private static SymbolRequest Request(string name) => new(name, true, false, null, DiagnosticLocation.InSymbol("a.o", "f"));

    private sealed class Composite : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();

        public Composite(params string[] sources)
            : this([], [], sources)
        {
        }

        /// <param name="jump">Opcode of jumps that become nops in the module.</param>
        /// <param name="nop">The nop.</param>
        /// <param name="sources">The objects' sources.</param>
        public Composite(byte[] jump, byte[] nop, params string[] sources)
        {
            Tool.Require("gcc");
            Tool.Require("ld");
            for (var index = 0; index < sources.Length; index++)
            {
                // The same base name: the FILE symbols are equal.
                var directory = $"d{index}";
                Directory.CreateDirectory(_directory.File(directory));
                _directory.Write($"{directory}/same.c", sources[index]);
                Run("gcc", "-O2", "-mcmodel=kernel", "-fno-pic", "-fno-pie", "-c", $"{directory}/same.c", "-o", $"{directory}/same.o");
                Objects.Add(ElfObject.Read(File.ReadAllBytes(_directory.File($"{directory}/same.o")), "same.o"));
            }

            Run("ld", ["-r", "-o", "module.ko", .. sources.Select(static (_, index) => $"d{index}/same.o")]);
            var linked = File.ReadAllBytes(_directory.File("module.ko"));
            if (jump.Length > 0)
            {
                // In these small functions the opcode occurs as itself only.
                using var before = ElfObject.Read(linked.ToArray(), "module.ko");
                var code = before.Sections.Single(static section => section.Name == ".text").Data;
                var start = linked.AsSpan().IndexOf(code.Span);
                for (var at = code.Span.IndexOf(jump); at >= 0; at = linked.AsSpan(start, code.Length).IndexOf(jump))
                {
                    nop.CopyTo(linked, start + at);
                }
            }

            Module = ElfObject.Read(linked, "module.ko");
        }

        public List<ElfObject> Objects { get; } = [];

        public ElfObject Module { get; }

        public ShippedModuleLocator Locator(int index) => new(() => Objects[index], Module, Architectures.X64);

        /// <summary>The symbol's place as the link order gives it.</summary>
        public SymbolPlace Place(string name, int index)
        {
            var symbol =
                Module.FindSymbols(name)
                    .Where(static symbol => symbol.Section is not null)
                    .OrderBy(static symbol => symbol.Value)
                    .ElementAt(index);
            return new SymbolPlace(symbol.Value, symbol.Section!.Name);
        }

        public void Dispose() => _directory.Dispose();

        private void Run(string program, params string[] arguments)
        {
            var result = Tool.RunIn(_directory.Path, program, arguments);
            Assert.True(result.Succeeded, result.Error);
        }
    }
}

using LivePatch.Diff.Correlate;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Diff.Tests;

/// <summary>Which static local is which: the value each begins with is the same, so that nothing but the literal beside its use
/// tells.</summary>
public sealed class StaticLocalPairingTests
{
    private static readonly string[] Flags =
        [
            "-O2", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie", "-fno-asynchronous-unwind-tables", "-pg", "-mfentry",
            "-ffunction-sections", "-fdata-sections", "-fcf-protection=none"];

    private const string Helpers = """
        extern int emit(const char *, int);
        static inline int rx(int v) { static int credit; credit += v; return emit("rx", credit); }
        static inline int tx(int v) { static int credit; credit += v; return emit("tx", credit); }
        """;

    private const string Blocks = """
        extern int emit(const char *, int); extern int bump(int *);
        int poll(int v) {
        FIRST
        SECOND
            return emit("end", v); }
        """;

    [Theory]
    [InlineData("gcc", "-gdwarf-5")]
    [InlineData("gcc", "-gdwarf-4")]
    [InlineData("clang", "-gdwarf-5")]
    [InlineData("clang", "-gdwarf-4")]
    public void helpers_that_trade_places_keep_their_variables(string compiler, string debug)
    {
        var (original, patched) = (
            Helpers + "int poll(int v) { int r = rx(v); if (r) return r; return tx(v); }",
            Helpers + "int poll(int v) { int r = tx(v); if (r) return r; return rx(v); }");
        var uses = UsesOf(original, patched, compiler, debug);
        Assert.Equal([("rx", "rx"), ("tx", "tx")], uses.Order());
    }

    [Fact]
    public void helpers_that_trade_places_without_debugging_information_are_refused()
    {
        var result = Compare(
            Helpers + "int poll(int v) { int r = rx(v); if (r) return r; return tx(v); }",
            Helpers + "int poll(int v) { int r = tx(v); if (r) return r; return rx(v); }",
            "gcc",
            "-g0",
            null);
        Assert.Equal(2, result.Diagnostics.Count(static item => item.Id == "LP0518"));
    }

    [Fact]
    public void blocks_that_trade_places_keep_their_variables()
    {
        const string first = "if (v > 5) { static int credit; credit += v; emit(\"rx\", credit); }";
        const string second = "if (v > 3) { static int credit; credit -= v; emit(\"tx\", credit); }";
        var uses = UsesOf(
            Blocks.Replace("FIRST", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal),
            Blocks.Replace("FIRST", second, StringComparison.Ordinal).Replace("SECOND", first, StringComparison.Ordinal),
            "gcc",
            "-g");
        Assert.Equal([("rx", "rx"), ("tx", "tx")], uses.Order());
    }

    [Theory]
    [InlineData("-g")]
    [InlineData("-g0")]
    public void blocks_that_nothing_tells_apart_are_refused(string debug)
    {
        const string first = "if (v > 5) { static int credit; credit += v; bump(&credit); }";
        const string second = "if (v > 3) { static int credit; credit -= v; bump(&credit); }";
        var result = Compare(
            Blocks.Replace("FIRST", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal),
            Blocks.Replace("FIRST", second, StringComparison.Ordinal).Replace("SECOND", first, StringComparison.Ordinal),
            "gcc",
            debug,
            null);
        Assert.Contains(result.Diagnostics, static item => item.Id == "LP0518");
    }

    [Fact]
    public void the_lines_of_the_declarations_tell_blocks_apart_when_the_patch_is_known()
    {
        const string first = "if (v > 5) { static int credit; credit += v; bump(&credit); }";
        const string second = "if (v > 3) { static int credit; credit -= v; bump(&credit); }";
        var result = Compare(
            Blocks.Replace("FIRST", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal),
            Blocks.Replace("FIRST", "v++;\n" + first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal),
            "gcc",
            "-g",
            new Dictionary<int, int> { [1] = 1, [2] = 2, [3] = 4, [4] = 5, [5] = 6 });
        Assert.DoesNotContain(result.Diagnostics, static item => item.IsFatal);
        Assert.Equal(2, result.Correlation!.Pairs.Count(static pair => pair.Rule == CorrelationRule.Declaration));
    }

    /// <summary>For each pair of static locals the literal that goes with it, before and after.</summary>
    private static List<(string Before, string After)> UsesOf(string original, string patched, string compiler, string debug)
    {
        var result = Compare(original, patched, compiler, debug, null);
        Assert.DoesNotContain(result.Diagnostics, static item => item.IsFatal);
        return
        [
            .. result.Correlation!.Pairs.Where(static pair => pair.Original.Name.Contains("credit", StringComparison.Ordinal))
                .Select(pair => (LiteralBehind(result.Pair!.Original, pair.Original), LiteralBehind(result.Pair!.Patched, pair.Patched))),
        ];
    }

    private static string LiteralBehind(Objects.KernelObject side, Objects.Atom variable)
    {
        var function = Assert.Single(side.Atoms, static atom => atom.Name == "poll");
        var last = function.References.Where(reference => reference.Target == variable).Max(static reference => reference.Offset);
        var literals = function.References.Where(static reference => reference.Target is { Kind: Objects.AtomKind.Literals }).ToList();
        var nearest = literals.MinBy(reference => Math.Abs((long)reference.Offset - (long)last));
        return System.Text.Encoding.ASCII.GetString(ContentOf(nearest)).TrimEnd('\0');
    }

    private static byte[] ContentOf(Objects.Reference reference) => Diff.Objects.Literals.Rest(reference).ToArray();

    private static DiffResult Compare(string original, string patched, string compiler, string debug, IReadOnlyDictionary<int, int>? moved)
    {
        using var before = CompiledSource.C(original, compiler, [.. Flags, debug]);
        using var after = CompiledSource.C(patched, compiler, [.. Flags, debug]);
        var catalog = X64SpecialSections.Create(new Dictionary<string, int>());
        return DiffEngine.Compare(
            before.Read(), after.Read(), Architectures.X64, catalog, new DiffOptions("vmlinux", new Everything(), moved));
    }

    private sealed class Everything : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}

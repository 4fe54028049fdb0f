using LivePatch.Elf.Dwarf;
using LivePatch.Elf.Text;
using LivePatch.Elf.Writing;

namespace LivePatch.Elf.Tests;

/// <summary>Files of machines that put the highest byte first, s390 among them, are read and written by the same layer.</summary>
public sealed class BigEndianTests
{
    private const string Source = """
        struct pair { int a; long b; };
        extern int emit(const char *, long);
        int big[100];
        const struct pair table[] = { { 1, 2 }, { 3, 4 } };
        static inline int helper(int v) { static int last; last += v; return emit("x", last); }
        int run(const struct pair *pair)
        {
            return helper(pair->a) + big[3] + emit("y", pair->b);
        }
        """;

    private static readonly string[] Flags = ["-O2", "-ffunction-sections", "-fdata-sections", "-fno-pic"];

    [Theory]
    [InlineData("s390x-linux-gnu", 22)]
    [InlineData("powerpc64-linux-musl", 21)]
    [InlineData("aarch64_be-linux-gnu", 183)]
    public void an_object_is_read_as_what_it_is(string target, int machine)
    {
        using var compiled = CompiledSource.C(Source, "clang", [.. Flags, "-g", "--target=" + target]);
        using var read = compiled.Read();
        Assert.Equal(2, compiled.Bytes[5]);
        Assert.True(read.Header.Order.IsBig);
        Assert.Equal((machine, 1), (read.Header.Machine, read.Header.Type));
        var table = read.FindSymbols("table").Single();
        Assert.Equal((ElfSymbolType.Object, ElfSymbolBinding.Global, 32UL), (table.Type, table.Binding, table.Size));
        Assert.Equal(3u, table.Section!.Order.ReadUInt32(table.Section.Data.Span[((int)table.Value + 16)..]));
        Assert.Equal(4ul, table.Section.Order.ReadUInt64(table.Section.Data.Span[((int)table.Value + 24)..]));
        Assert.Contains(
            read.Sections.SelectMany(static section => section.Relocations), static relocation => relocation.Symbol.Name == "emit");
        Assert.All(read.Sections.Where(static section => section.IsRela), static section => Assert.NotNull(section.Target));
    }

    [Theory]
    [InlineData("s390x-linux-gnu", "-gdwarf-4")]
    [InlineData("s390x-linux-gnu", "-gdwarf-5")]
    [InlineData("powerpc64-linux-musl", "-gdwarf-5")]
    public void debugging_information_is_read(string target, string debug)
    {
        using var compiled = CompiledSource.C(Source, "clang", [.. Flags, debug, "--target=" + target]);
        using var read = compiled.Read();
        var information = new DwarfObject(read);
        Assert.Contains(
            information.PlacedVariables, static variable => (variable.Name, variable.TypeText, variable.Line) == ("last", "int", 5));
        Assert.Contains(information.PlacedFunctions, static function => function.Name == "run");
        var run = read.FindSymbols("run").Single();
        var lines =
            Enumerable.Range(0, (int)run.Size).SelectMany(at => information.Lines!.At(run.Section!, run.Value + (ulong)at)).ToHashSet();
        Assert.Superset(new HashSet<int> { 5, 8 }, lines);
    }

    [Theory]
    [InlineData("s390x-linux-gnu")]
    [InlineData("powerpc64-linux-musl")]
    public void an_object_survives_rewriting(string target)
    {
        using var compiled = CompiledSource.C(Source, "clang", [.. Flags, "-g", "--target=" + target]);
        using var original = compiled.Read();
        var bytes = ElfObjectBuilder.From(original).ToArray();
        using var rewritten = ElfObject.Read(bytes, "rewritten.o");
        Assert.Empty(ElfDifferences.Find(original, rewritten));
        using var directory = new TemporaryDirectory();
        var path = directory.File("rewritten.o");
        File.WriteAllBytes(path, bytes);
        var listed = Tool.RunIn(directory.Path, "readelf", ["-hSsrW", "rewritten.o"]);
        Assert.Contains("big endian", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", listed.Output + listed.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void both_orders_mean_the_same()
    {
        Assert.Equal(ElfDump.Write(Sample(ElfByteOrder.Little)), ElfDump.Write(Sample(ElfByteOrder.Big)));

        static ElfObject Sample(ElfByteOrder order) => new ElfObjectFactory(order)
            .File("a.c")
            .Function("f", [1, 2, 3, 4, 5, 6, 7, 8])
            .Variable("v", [1, 2, 3])
            .Undefined("g")
            .Relocate(".text.f", 4, 2, "g", -4)
            .Relocate(".data.v", 0, 250, "f", 16)
            .LivepatchRelocation(".text.f", "vmlinux", "h,1", 2, 300)
            .Comdat("f", ".text.f", ".data.v")
            .Read();
    }

    [Fact]
    public void numbers_are_read_by_their_order()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 0x88];
        var (little, big) = (ElfByteOrder.Little, ElfByteOrder.Big);
        Assert.Equal((0x0201, 0x0102), (little.ReadUInt16(bytes), big.ReadUInt16(bytes)));
        Assert.Equal((0x04030201, 0x01020304), (little.ReadInt32(bytes), big.ReadInt32(bytes)));
        Assert.Equal((unchecked((long)0x8807060504030201), 0x0102030405060788), (little.ReadInt64(bytes), big.ReadInt64(bytes)));
        Assert.Equal((0x030201ul, 0x010203ul), (little.ReadNumber(bytes.AsSpan(0, 3)), big.ReadNumber(bytes.AsSpan(0, 3))));
        Assert.Equal([0x04030201u, 0x88070605u], little.ReadWords(bytes).ToArray());
        Assert.Equal([0x01020304u, 0x05060788u], big.ReadWords(bytes).ToArray());
        Assert.Equal(bytes, big.WriteWords(big.ReadWords(bytes)));
        Assert.Equal(bytes, little.WriteWords(little.ReadWords(bytes)));
    }
}

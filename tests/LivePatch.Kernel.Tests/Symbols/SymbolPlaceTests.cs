using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Tests.Symbols;

public sealed class SymbolPlaceTests
{
    private static readonly KernelSymbol[] Linked =
    [
        new("per_cpu", 0x20, 'A', 0, true),
        new("code", 0x1000, 'T', 0, true),
        new("__start_rodata", 0x2000, 'D', 0, true),
        new("constant", 0x2000, 'R', 0, true),
        new("__start_ro_after_init", 0x2800, 'D', 0, true),
        new("limit", 0x2800, 'D', 0, true),
        new("__end_ro_after_init", 0x2900, 'D', 0, true),
        new("__end_rodata", 0x3000, 'R', 0, true),
        new("variable", 0x3000, 'D', 0, true),
        new("__init_begin", 0x6000, 'R', 0, true),
        new("setup", 0x6010, 't', 0, false),
        new("__per_cpu_start", 0x6100, 'D', 0, true),
        new("process_counts", 0x6110, 'D', 0, true),
        new("__per_cpu_end", 0x6200, 'D', 0, true),
        new("__init_end", 0x7000, 'R', 0, true),
        new("counter", 0x7000, 'B', 0, true),
    ];

    [Theory]
    [InlineData("constant", true)]
    [InlineData("limit", true)]
    [InlineData("variable", false)]
    [InlineData("code", false)]
    [InlineData("per_cpu", false)]
    [InlineData("setup", false)]
    public void the_linker_scripts_bounds_say_what_is_read_only(string name, bool isReadOnly)
    {
        var table = KernelSymbolTable.FromOrdered("test", Linked, isLinked: true);
        Assert.Equal(isReadOnly, table.IsReadOnly(table.Find(name)[0]));
    }

    [Theory]
    [InlineData("setup", true)]
    [InlineData("counter", false)]
    [InlineData("variable", false)]
    [InlineData("__init_begin", false)]
    [InlineData("process_counts", false)]
    public void the_linker_scripts_bounds_say_what_is_freed(string name, bool isFreed)
    {
        var table = KernelSymbolTable.FromOrdered("test", Linked, isLinked: true);
        var symbol = table.Find(name)[0];
        Assert.Equal(isFreed, table.IsFreedAfterBoot(symbol));
        Assert.Equal(
            isFreed ? SymbolPositionStatus.NotResident : SymbolPositionStatus.Known, table.PositionOf(name, symbol.Address).Status);
    }

    [Fact]
    public void without_bounds_or_with_two_of_a_name_nothing_is_said()
    {
        KernelSymbol[] twice = [.. Linked, new("__init_end", 0x8000, 't', 0, false), new("__end_rodata", 0x9000, 't', 0, false)];
        var table = KernelSymbolTable.FromOrdered("test", twice, isLinked: true);
        Assert.False(table.IsFreedAfterBoot(table.Find("setup")[0]));
        Assert.False(table.IsReadOnly(table.Find("constant")[0]));
        Assert.True(table.IsReadOnly(table.Find("limit")[0]));
    }

    [Fact]
    public void a_modules_sections_say_what_is_read_only()
    {
        KernelSymbol[] symbols =
        [
            new("limit", 0, 'D', 4, true) { Section = ".data..ro_after_init" },
            new("table", 0, 'R', 4, true) { Section = ".rodata" },
            new("counter", 0, 'D', 4, true) { Section = ".data" },
        ];
        var table = KernelSymbolTable.FromOrdered("test", symbols, isLinked: false);
        Assert.Equal([true, true, false], symbols.Select(symbol => table.IsReadOnly(symbol)));
    }
}

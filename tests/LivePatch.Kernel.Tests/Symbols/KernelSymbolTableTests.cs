using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Tests.Symbols;

public sealed class KernelSymbolTableTests
{
    private const string Readelf =
        """

        Symbol table '.symtab' contains 9 entries:
           Num:    Value          Size Type    Bind   Vis      Ndx Name
             0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND 
             1: 0000000000000000     0 SECTION LOCAL  DEFAULT    1 .text
             2: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS a.c
             3: 0000000000000040    16 FUNC    LOCAL  DEFAULT    1 twice
             4: 0000000000000000     0 FILE    LOCAL  DEFAULT  ABS b.c
             5: 0000000000000010    16 FUNC    LOCAL  DEFAULT    1 twice
             6: 0000000000000000 0x186a0 OBJECT  LOCAL  DEFAULT    3 big
             7: 0000000000000080     8 FUNC    GLOBAL DEFAULT    1 once
             8: 0000000000000000     0 NOTYPE  GLOBAL DEFAULT  UND printk

        """;

    [Fact]
    public void position_is_zero_for_a_unique_name_and_counts_from_one_otherwise()
    {
        var table = Linked(("a", 0x10), ("dup", 0x20), ("b", 0x30), ("dup", 0x40));

        Assert.Equal(new SymbolPosition(SymbolPositionStatus.Known, 0), table.PositionOf("a", 0x10));
        Assert.Equal(new SymbolPosition(SymbolPositionStatus.Known, 1), table.PositionOf("dup", 0x20));
        Assert.Equal(new SymbolPosition(SymbolPositionStatus.Known, 2), table.PositionOf("dup", 0x40));
        Assert.Equal(SymbolPositionStatus.Missing, table.PositionOf("dup", 0x41).Status);
        Assert.Equal(SymbolPositionStatus.Missing, table.PositionOf("c", 0x10).Status);
        Assert.Equal([0x20ul, 0x40ul], table.Find("dup").Select(static s => s.Address));
        Assert.Equal((2, 1, 0), (table.Count("dup"), table.Count("a"), table.Count("c")));
        Assert.True(table.Contains("b"));
        Assert.False(table.Contains("c"));
    }

    [Fact]
    public void an_address_belongs_to_the_symbol_before_it()
    {
        var table = Linked(("a", 0x10), ("alias", 0x10), ("b", 0x30));

        Assert.Null(table.FindByAddress(0xf));
        Assert.Equal("a", table.FindByAddress(0x10)?.Name);
        Assert.Equal("a", table.FindByAddress(0x2f)?.Name);
        Assert.Equal("b", table.FindByAddress(0x1000)?.Name);
        Assert.Equal(0x20ul, table.ExtentOf(0x10));
        Assert.Null(table.ExtentOf(0x30));
    }

    [Fact]
    public void an_address_behind_the_end_of_a_sized_symbol_belongs_to_nobody()
    {
        var table = KernelSymbolTable.FromOrdered("test", [new("a", 0x10, 't', 8, false), new("b", 0x30, 't', 8, false)], isLinked: true);

        Assert.Equal("a", table.FindByAddress(0x17)?.Name);
        Assert.Null(table.FindByAddress(0x18));
    }

    [Fact]
    public void a_name_that_is_also_in_an_init_section_has_a_position_only_when_the_resident_one_comes_first()
    {
        var init = new KernelSymbol("setup", 0, 't', 8, false) { Section = ".init.text", Lifetime = SymbolLifetime.WhileLoading };
        var core = new KernelSymbol("setup", 0, 't', 8, false) { Section = ".text" };

        var coreFirst = KernelSymbolTable.FromOrdered("m.ko", [core, init], isLinked: false);
        var initFirst = KernelSymbolTable.FromOrdered("m.ko", [init, core], isLinked: false);

        Assert.Equal(new SymbolPosition(SymbolPositionStatus.Known, 1), coreFirst.PositionOf("setup", 0, ".text"));
        Assert.Equal(SymbolPositionStatus.Unstable, initFirst.PositionOf("setup", 0, ".text").Status);
        Assert.Equal(SymbolPositionStatus.NotResident, coreFirst.PositionOf("setup", 0, ".init.text").Status);
        Assert.Equal(SymbolPositionStatus.Missing, coreFirst.PositionOf("setup", 0, ".data").Status);
    }

    [Fact]
    public void nm_text_of_a_kernel_is_filtered_and_ordered_as_kallsyms_does()
    {
        const string text =
            """
            ffffffff81000040 t zeta
            ffffffff81000040 T __alpha
            ffffffff81000040 W weak
            ffffffff81000040 T __start_thing
            ffffffff81000000 T _text
            ffffffff81000100 r __kstrtab_x
            ffffffff81000100 r __crc_x
            ffffffff81000100 t .Llabel
            0000000000000000 A absolute
            0000000000000000 D __per_cpu_start
            ffffffff81000020 t dup
            ffffffff81000010 t dup
                             U nothing
                             w weak_nothing
            """;

        var table = ParseText(text, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.NotNull(table);
        Assert.True(table.IsLinked);
        Assert.Equal(
            ["__per_cpu_start", "_text", "dup", "dup", "zeta", "__alpha", "__start_thing", "weak"],
            table.Symbols.Select(static s => s.Name));
        Assert.Equal(2, table.PositionOf("dup", 0xffffffff81000020).Value);
    }

    [Fact]
    public void kallsyms_text_keeps_per_cpu_symbols_and_leaves_modules_out()
    {
        const string text =
            "0000000000000000 A fixed_percpu_data\n0000000000000000 A __per_cpu_start\nffffffff81000000 T _text\nffffffffc0001000 t "
                + "init_module\t[dummy]\n";

        var table = ParseText(text, out _);

        Assert.Equal(["fixed_percpu_data", "__per_cpu_start", "_text"], table!.Symbols.Select(static s => s.Name));
    }

    [Fact]
    public void hidden_addresses_are_refused()
    {
        Assert.Null(ParseText("0000000000000000 T _text\n0000000000000000 T start_kernel\n", out var diagnostics));
        Assert.Equal("LP0211", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void readelf_text_of_a_module_keeps_order_files_and_sizes()
    {
        var table = ParseText(Readelf, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.False(table!.IsLinked);
        Assert.Equal(["twice", "twice", "big", "once"], table.Symbols.Select(static s => s.Name));
        Assert.Equal(["a.c", "b.c", "b.c", null], table.Symbols.Select(static s => s.FileName));
        Assert.Equal(100_000ul, table.Symbols[2].Size);
        Assert.Equal(1, table.PositionOf("twice", 0x40).Value);
        Assert.Equal(2, table.PositionOf("twice", 0x10).Value);
        Assert.Equal(0, table.PositionOf("once", 0x80).Value);
        Assert.True(table.Symbols[3] is { IsGlobal: true, TypeCharacter: 'T', IsFunction: true });
    }

    [Fact]
    public void nm_text_of_a_module_gives_no_position_to_repeated_names()
    {
        var table = ParseText("0000000000000040 t twice\n0000000000000010 t twice\n0000000000000080 T once\n", out _);

        Assert.Equal(SymbolPositionStatus.OrderUnknown, table!.PositionOf("twice", 0x40).Status);
        Assert.Equal(new SymbolPosition(SymbolPositionStatus.Known, 0), table.PositionOf("once", 0x80));
    }

    [Theory]
    [InlineData("", "s.txt")]
    [InlineData("this is no listing\n", "s.txt:1")]
    [InlineData("ffffffff81000000 T _text\n?\n", "s.txt:2")]
    public void other_text_is_a_diagnostic(string text, string place)
    {
        Assert.Null(ParseText(text, out var diagnostics));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0211", diagnostic.Id);
        Assert.Equal(place, diagnostic.Location.ToString());
    }

    [Fact]
    public void a_shipped_module_counts_in_symbol_table_order()
    {
        using var elf = ElfObject.Read(TestMachine.Module("fs/ext4/ext4.ko"));

        var table = KernelSymbolTable.FromModule(elf);

        Assert.True(table.Total > 1000);
        var init = Assert.Single(table.Find("init_module"));
        Assert.Equal((".init.text", SymbolLifetime.WhileLoading), (init.Section, init.Lifetime));
        Assert.Equal(SymbolPositionStatus.NotResident, table.PositionOf("init_module", init.Address, init.Section).Status);
        var lookup = Assert.Single(table.Find("ext4_lookup"));
        Assert.Equal((".text", 't', SymbolLifetime.Resident), (lookup.Section, lookup.TypeCharacter, lookup.Lifetime));
        Assert.Equal("ext4_lookup", table.FindByAddress(lookup.Address + lookup.Size - 1, ".text")?.Name);
        var repeated =
            table.Symbols.GroupBy(static s => s.Name)
                .First(static g => g.Count() > 1 && g.All(static s => s.Lifetime == SymbolLifetime.Resident));
        Assert.Equal(
            Enumerable.Range(1, repeated.Count()),
            repeated.Select(s => table.PositionOf(s.Name, s.Address, s.Section).Value));
    }

    private static KernelSymbolTable Linked(params (string Name, ulong Address)[] symbols) =>
        KernelSymbolTable.FromOrdered(
            "test", [.. symbols.Select(static s => new KernelSymbol(s.Name, s.Address, 't', 0, false))], isLinked: true);

    private static KernelSymbolTable? ParseText(string text, out DiagnosticBag diagnostics)
    {
        diagnostics = [];
        return KernelSymbolTable.TryParseText("s.txt", new StringReader(text), diagnostics);
    }
}

using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Elf.Tests;

public sealed class LookupTests
{
    [Fact]
    public void an_offset_belongs_to_the_innermost_symbol_that_covers_it()
    {
        using var read = Overlapping();
        var lookup = new ElfSymbolLookup(read);
        var text = read.FindSection(".text")!;
        string? At(ulong offset) => lookup.FindContaining(text, offset)?.Name;
        Assert.Equal("outer", At(0));
        Assert.Equal("outer", At(9));
        Assert.Equal("inner", At(10));
        Assert.Equal("inner", At(19));
        Assert.Equal("outer", At(20));
        Assert.Equal("outer", At(39));
        Assert.Equal("mark", At(40));
        Assert.Null(At(41));
        Assert.Equal("alias_a", At(48));
        Assert.Equal("alias_a", At(63));
        Assert.Null(At(64));
        Assert.Null(At(ulong.MaxValue));
    }

    [Fact]
    public void symbols_that_start_together_come_with_functions_first_and_in_table_order()
    {
        using var read = Overlapping();
        var lookup = new ElfSymbolLookup(read);
        var text = read.FindSection(".text")!;
        Assert.Equal(["outer", "inner", "mark", "alias_a", "alias_b", "label"], lookup.In(text).Select(static symbol => symbol.Name));
        Assert.Equal(["alias_a", "alias_b", "label"], lookup.FindStartingAt(text, 48).Select(static symbol => symbol.Name));
        Assert.Equal(["outer"], lookup.FindStartingAt(text, 0).Select(static symbol => symbol.Name));
        Assert.Empty(lookup.FindStartingAt(text, 1));
        Assert.Empty(lookup.In(read.FindSection(".other")!));
    }

    [Fact]
    public void one_past_the_end_belongs_to_the_symbol_that_ends_there()
    {
        using var read = Overlapping();
        var lookup = new ElfSymbolLookup(read);
        var text = read.FindSection(".text")!;
        Assert.Equal("alias_a", lookup.FindEndingAt(text, 64)?.Name);
        Assert.Equal("inner", lookup.FindEndingAt(text, 20)?.Name);
        Assert.Equal("outer", lookup.FindEndingAt(text, 40)?.Name);
        Assert.Null(lookup.FindEndingAt(text, 41));
        Assert.Null(lookup.FindEndingAt(text, 0));
    }

    [Fact]
    public void every_offset_agrees_with_a_plain_search()
    {
#pragma warning disable CA5394 // Repeatable on purpose.
        var random = new Random(7);
        var factory = new ElfObjectFactory().Section(".data", new byte[200]);
        for (var index = 0; index < 60; index++)
        {
            var value = (ulong)random.Next(200);
            factory.Define($"s{index}", ".data", value, (ulong)random.Next(0, Math.Min(40, 201 - (int)value)));
        }
#pragma warning restore CA5394
        using var read = factory.Read();
        var data = read.FindSection(".data")!;
        var lookup = new ElfSymbolLookup(read);
        for (ulong offset = 0; offset <= 200; offset++)
        {
            var plain =
                read.Symbols.Where(symbol => symbol.Section == data && symbol.Value <= offset && offset < symbol.Value + symbol.Size)
                .OrderByDescending(static symbol => symbol.Value)
                    .ThenByDescending(static symbol => symbol.Size)
                    .ThenBy(static symbol => symbol.Index)
                    .FirstOrDefault()
                ?? read.Symbols.Where(symbol => symbol.Section == data && symbol.Value == offset && symbol.Size == 0).FirstOrDefault();
            Assert.Same(plain, lookup.FindContaining(data, offset));
        }
    }

    [Fact]
    public void relocations_out_of_order_are_found_by_range()
    {
        using var read = new ElfObjectFactory()
            .Function("f", new byte[64]).Undefined("a").Undefined("b").Undefined("c").Undefined("d")
            .Relocate(".text.f", 40, X64RelocationType.Pc32, "a")
            .Relocate(".text.f", 8, X64RelocationType.Pc32, "b")
            .Relocate(".text.f", 8, X64RelocationType.Pc32, "c")
            .Relocate(".text.f", 20, X64RelocationType.Pc32, "d")
            .Read();
        var lookup = new ElfRelocationLookup(read.FindSection(".text.f")!);
        Assert.Equal(["b", "c", "d", "a"], lookup.All.Select(static relocation => relocation.Symbol.Name));
        Assert.Equal(["b", "c", "d"], lookup.InRange(8, 40).ToArray().Select(static relocation => relocation.Symbol.Name));
        Assert.Equal(["a"], lookup.InRange(21, 41).ToArray().Select(static relocation => relocation.Symbol.Name));
        Assert.Equal(0, lookup.InRange(41, ulong.MaxValue).Length);
        Assert.Equal(0, lookup.InRange(30, 10).Length);
        Assert.Equal("b", lookup.At(8)?.Symbol.Name);
        Assert.Null(lookup.At(9));
    }

    private static ElfObject Overlapping() => new ElfObjectFactory()
        .Section(".text", new byte[64], ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr)
        .Section(".other", [1])
        .SectionSymbol(".text")
        .Define("label", ".text", 48, 16, ElfSymbolType.None)
        .Define("outer", ".text", 0, 40, ElfSymbolType.Function)
        .Define("inner", ".text", 10, 10, ElfSymbolType.Function)
        .Define("mark", ".text", 40, 0, ElfSymbolType.None)
        .Define("alias_a", ".text", 48, 16, ElfSymbolType.Function)
        .Define("alias_b", ".text", 48, 16, ElfSymbolType.Function)
        .Read();
}

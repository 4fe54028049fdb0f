using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Tests.Images;

namespace LivePatch.Kernel.Tests.Kallsyms;

public sealed class KallsymsTests
{
    [Theory]
    [InlineData(KallsymsLayout.OffsetsFirst, true)]
    [InlineData(KallsymsLayout.OffsetsFirst, false)]
    [InlineData(KallsymsLayout.OffsetsFirstWithSequence, true)]
    [InlineData(KallsymsLayout.OffsetsFirstWithSequence, false)]
    [InlineData(KallsymsLayout.OffsetsLast, true)]
    [InlineData(KallsymsLayout.OffsetsLast, false)]
    [InlineData(KallsymsLayout.PlaceRelative, false)]
    [InlineData(KallsymsLayout.PlaceRelativeAlignedTo4, false)]
    [InlineData(KallsymsLayout.Addresses, false)]
    [InlineData(KallsymsLayout.Addresses, true)]
    public void every_layout_gives_names_types_and_addresses_in_order(KallsymsLayout layout, bool percpu)
    {
        var symbols = KallsymsBlob.Symbols(percpu);
        var rodata = KallsymsBlob.Rodata(symbols, layout, absolutePercpu: percpu && layout != KallsymsLayout.Addresses);

        foreach (var sections in new[] { true, false })
        {
            var table = Decode(SyntheticKernel.Build(rodata, sections: sections), out var diagnostics);

            Assert.Empty(diagnostics);
            Assert.NotNull(table);
            Assert.Equal(symbols, table.Symbols.Select(static s => (s.Address, s.TypeCharacter, s.Name)));
            Assert.True(table.IsLinked);
            Assert.Equal(2, table.PositionOf("function_005", SyntheticKernel.TextAddress + (16 * 596)).Value);
        }
    }

    [Theory]
    [InlineData(KallsymsLayout.PlaceRelative)]
    [InlineData(KallsymsLayout.PlaceRelativeAlignedTo4)]
    public void labels_lie_anywhere_their_alignment_allows(KallsymsLayout layout)
    {
        // Names of other lengths in front move the labels behind them to and from multiples of 8.
        for (var length = 0; length < 16; length++)
        {
            var symbols = KallsymsBlob.Symbols(percpu: false);
            symbols[^1] = symbols[^1] with { Name = "_end" + new string('y', length) };

            var table =
                Decode(SyntheticKernel.Build(KallsymsBlob.Rodata(symbols, layout, false, shift: 4 * (length % 3))), out var diagnostics);

            Assert.Empty(diagnostics);
            Assert.Equal(symbols, table!.Symbols.Select(static s => (s.Address, s.TypeCharacter, s.Name)));
        }
    }

    [Fact]
    public void addresses_that_do_not_ascend_are_refused()
    {
        var symbols = KallsymsBlob.Symbols(percpu: false);
        (symbols[50], symbols[60]) = (symbols[60], symbols[50]);

        Assert.Null(Decode(SyntheticKernel.Build(KallsymsBlob.Rodata(symbols, KallsymsLayout.OffsetsLast, false)), out var diagnostics));
        Assert.Equal("LP0224", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void a_table_without_the_start_of_the_text_is_refused()
    {
        var symbols = KallsymsBlob.Symbols(percpu: false);
        symbols.RemoveRange(0, 2);

        Assert.Null(Decode(SyntheticKernel.Build(KallsymsBlob.Rodata(symbols, KallsymsLayout.OffsetsFirst, false)), out var diagnostics));
        Assert.Contains("_stext", Assert.Single(diagnostics).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void the_text_must_lie_in_code()
    {
        var symbols = KallsymsBlob.Symbols(percpu: false)
            .Select(static s => (s.Address + 0x100_0000, s.Type, s.Name)).ToList();

        Assert.Null(Decode(SyntheticKernel.Build(KallsymsBlob.Rodata(symbols, KallsymsLayout.OffsetsFirst, false)), out var diagnostics));
        Assert.Equal("LP0224", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void an_image_without_the_table_is_a_diagnostic()
    {
        Assert.Null(Decode(SyntheticKernel.Build(SyntheticKernel.BannerOnly), out var diagnostics));
        Assert.Equal("LP0224", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void a_damaged_table_gives_the_symbols_or_a_diagnostic_and_never_an_exception()
    {
        var rodata = KallsymsBlob.Rodata(KallsymsBlob.Symbols(percpu: true), KallsymsLayout.OffsetsFirstWithSequence, true);
        var random = new Random(20260101);
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var damaged = (byte[])rodata.Clone();
            for (var flips = 0; flips <= round % 4; flips++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var length = round % 3 == 0 ? random.Next(damaged.Length) : damaged.Length;
            var table = Decode(SyntheticKernel.Build(damaged[..length]), out var diagnostics);
            Assert.Equal(table is null, diagnostics.HasFatal);
            refused += table is null ? 1 : 0;
        }

        Assert.InRange(refused, 20, 149);
    }

    [Fact]
    public void the_installed_kernel_s_table_agrees_with_its_export_table()
    {
        var release = TestMachine.Release();
        using var image = KernelImage.Open("/boot/vmlinuz-" + release);

        AssertAgreesWithExports(image);
        Assert.True(image.Symbols.Contains("meminfo_proc_show"));
        Assert.True(image.Symbols.Contains("__start_mcount_loc"));
        var diagnostics = new DiagnosticBag();
        var symvers = ModuleSymvers.TryRead($"/usr/src/linux-headers-{release}/Module.symvers", diagnostics);
        Assert.DoesNotContain(symvers!.Symbols, export => export.IsFromVmlinux && !image.Symbols.Contains(export.Name));
    }

    [Fact]
    public void another_image_s_table_agrees_with_its_export_table()
    {
        // A second kernel to try, e.g. of a newer version: the path of its vmlinuz.
        var path = Environment.GetEnvironmentVariable("LIVEPATCH_TEST_IMAGE");
        if (path is null)
        {
            Assert.Skip("LIVEPATCH_TEST_IMAGE names no second kernel image");
        }

        using var image = KernelImage.Open(path);

        AssertAgreesWithExports(image);
    }

    [Fact]
    public void the_debug_kernel_s_symbol_table_and_map_agree_with_kallsyms()
    {
        var release = TestMachine.Release();
        var directory = Environment.GetEnvironmentVariable("LIVEPATCH_TEST_DEBUG_BOOT") ?? "/usr/lib/debug/boot";
        var vmlinux = TestMachine.Need($"{directory}/vmlinux-{release}");
        using var image = KernelImage.Open("/boot/vmlinuz-" + release);
        using var debug = ElfObject.Read(vmlinux);
        var diagnostics = new DiagnosticBag();

        var fromElf = KernelSymbolTable.FromVmlinux(debug);
        var fromMap = KernelSymbolFile.TryLoad($"{directory}/System.map-{release}", diagnostics);

        // Names, addresses and order; kallsyms has its own letter for per-CPU variables.
        var expected = image.Symbols.Symbols.Select(static s => (s.Address, s.Name));
        Assert.Equal(expected, fromElf.Symbols.Select(static s => (s.Address, s.Name)));
        Assert.Equal(expected, fromMap!.Symbols.Select(static s => (s.Address, s.Name)));
        var meminfo = Assert.Single(KernelSymbolFile.TryFromKernel(debug, diagnostics)!.Find("meminfo_proc_show"));
        Assert.Equal("meminfo.c", meminfo.FileName);
        Assert.True(meminfo.Size > 0);
        Assert.Empty(diagnostics);
    }

    /// <summary>The export table holds names and addresses in another form: place-relative {value, name, namespace}
    /// (include/linux/export.h, Linux 6.1).</summary>
    private static void AssertAgreesWithExports(KernelImage image)
    {
        var checkedCount = 0;
        foreach (var section in image.Elf.Sections.Where(static s => s.Name is "__ksymtab" or "__ksymtab_gpl"))
        {
            for (var at = 0; at + 12 <= section.Data.Length; at += 12)
            {
                var place = section.Address + (ulong)at;
                var value = place + (ulong)BitConverter.ToInt32(section.Data.Span[at..]);
                var nameAt = place + 4 + (ulong)BitConverter.ToInt32(section.Data.Span[(at + 4)..]);
                var strings = image.Elf.FindSection("__ksymtab_strings")!;
                var text = strings.Data.Span[(int)(nameAt - strings.Address)..];
                var name = System.Text.Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
                if (value >= SyntheticKernel.TextAddress)
                {
                    Assert.Contains(image.Symbols.Find(name), symbol => symbol.Address == value);
                    checkedCount++;
                }
            }
        }

        Assert.True(checkedCount > 5000);
    }

    private static KernelSymbolTable? Decode(byte[] elf, out DiagnosticBag diagnostics)
    {
        diagnostics = [];
        return KernelSymbolFile.TryFromKernel(ElfObject.Read(elf, "vmlinux"), diagnostics);
    }
}

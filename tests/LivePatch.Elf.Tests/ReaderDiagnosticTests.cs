using System.Buffers.Binary;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Elf.Tests;

/// <summary>Particular damage gives the particular diagnostic, at the right place.</summary>
public sealed class ReaderDiagnosticTests
{
    [Fact]
    public void no_elf_at_all()
    {
        Refused(ElfDiagnostics.NotElf, []);
        Refused(ElfDiagnostics.NotElf, new byte[64]);
        Refused(ElfDiagnostics.NotElf, "#!/bin/sh\n".PadRight(100).Select(static c => (byte)c).ToArray());
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 3)]
    [InlineData(6, 0)]
    public void another_class_byte_order_or_version(int offset, byte value)
    {
        var bytes = Good();
        bytes[offset] = value;
        Refused(ElfDiagnostics.NotElf, bytes);
    }

    [Fact]
    public void a_missing_file_and_an_empty_one_and_a_directory()
    {
        using var directory = new TemporaryDirectory();
        foreach (var path in new[] { directory.File("missing.o"), directory.Write("empty.o", string.Empty), directory.Path, "/dev/null", string.Empty })
        {
            var diagnostics = new DiagnosticBag();
            Assert.Null(ElfObject.TryRead(path, diagnostics));
            DiagnosticAssert.Single(diagnostics, CoreDiagnostics.CannotRead);
        }
    }

    [Fact]
    public void more_section_headers_than_the_file_has_room_for()
    {
        var bytes = Good();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0xfeff);
        Refused(ElfDiagnostics.OutOfBounds, bytes);

        // The same through the null section: a count that would overflow when multiplied by the entry size.
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, 0) + 32), 0x0400_0000_0000_0001);
        Refused(ElfDiagnostics.OutOfBounds, bytes);
    }

    [Fact]
    public void a_section_that_wraps_around_the_end_of_the_address_space()
    {
        var bytes = Good();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, 1) + 24), ulong.MaxValue - 7);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, 1) + 32), 64);
        Refused(ElfDiagnostics.OutOfBounds, bytes);
    }

    [Fact]
    public void sections_that_share_bytes()
    {
        var bytes = Good();
        for (var index = 1; index <= 3; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, index) + 24), 0);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, index) + 32), (ulong)bytes.Length);
        }

        Refused(ElfDiagnostics.BadTable, bytes);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(ulong.MaxValue)]
    public void an_alignment_that_is_no_power_of_two(ulong alignment)
    {
        var bytes = Good();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, 1) + 48), alignment);
        Refused(ElfDiagnostics.BadTable, bytes);
    }

    [Fact]
    public void a_loaded_section_that_is_compressed()
    {
        var bytes = Good();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Header(bytes, 1) + 8), ElfConstants.ShfAlloc | ElfConstants.ShfCompressed);
        Assert.Equal(".rodata.str1.1", Refused(ElfDiagnostics.Unsupported, bytes).Location.Section);
    }

    [Fact]
    public void relocations_without_addends()
    {
        var bytes = Good();
        var rela = IndexOf(bytes, static section => section.IsRela);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Header(bytes, rela) + 4), ElfConstants.ShtRel);
        Refused(ElfDiagnostics.Unsupported, bytes);
    }

    [Fact]
    public void a_second_symbol_table()
    {
        var factory = new ElfObjectFactory()
            .Function("f", [0xc3])
            .Section(".symtab2", new byte[24], 0, ElfConstants.ShtSymtab, entrySize: 24);
        Refused(ElfDiagnostics.BadTable, factory.ToArray());
    }

    [Fact]
    public void a_symbol_that_reaches_beyond_its_section()
    {
        var factory = new ElfObjectFactory().Function("f", [0xc3]);
        factory.Symbol("f").Value = 1;
        Assert.Equal(".text.f", Refused(ElfDiagnostics.OutOfBounds, factory.ToArray()).Location.Section);
        factory.Symbol("f").Value = ulong.MaxValue;
        Refused(ElfDiagnostics.OutOfBounds, factory.ToArray());
    }

    [Fact]
    public void a_relocation_beyond_its_section()
    {
        var factory = new ElfObjectFactory().Function("f", [0xc3]).Relocate(".text.f", 1, X64RelocationType.Pc32, "f");
        Assert.Equal(".rela.text.f", Refused(ElfDiagnostics.OutOfBounds, factory.ToArray()).Location.Section);
    }

    [Fact]
    public void an_empty_section_group()
    {
        Refused(ElfDiagnostics.BadTable, new ElfObjectFactory().Section(".group2", [], 0, ElfConstants.ShtNote).Function("f", [0xc3]).ToArray(), static bytes =>
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Header(bytes, 1) + 4), ElfConstants.ShtGroup));
    }

    [Fact]
    public void bss_larger_than_the_kernel()
    {
        var factory = new ElfObjectFactory().Section(".bss", [1], ElfConstants.ShfAlloc, ElfConstants.ShtNobits);
        factory.SectionNamed(".bss").NobitsSize = 0x8000_0000;
        Refused(ElfDiagnostics.BadTable, factory.ToArray());
    }

    [Fact]
    public void names_that_use_one_long_string_thousands_of_times()
    {
        // Every symbol's name starts one byte further into one string: a quarter of a gigabyte of names from
        // a file of half a megabyte, were it allowed.
        var factory = new ElfObjectFactory();
        for (var index = 0; index < 10_000; index++)
        {
            factory.Builder.AddSymbol(string.Empty);
        }

        factory.Undefined(new string('x', 50_000));
        var bytes = factory.ToArray();
        using var read = ElfObject.Read(bytes, "sound.o");
        var symbols = (int)read.SymbolTable!.Offset;
        for (var index = 1; index <= 10_000; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(symbols + (index * ElfConstants.SymSize)), (uint)index);
        }

        Refused(ElfDiagnostics.BadTable, bytes);
    }

    [Fact]
    public void a_view_of_a_disposed_file_throws_and_does_not_crash()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("good.o"), Good());
        var read = ElfObject.Read(directory.File("good.o"));
        var view = read.FindSection(".text.f")!.Data;
        Assert.Equal(24, view.Span.Length);
        read.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Span.Length);
        read.Dispose();
    }

    private static byte[] Good() => (byte[])GoodFiles.All["relocatable"].Clone();

    private static int Header(byte[] bytes, int section) =>
        (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40)) + (section * ElfConstants.ShdrSize);

    private static int IndexOf(byte[] bytes, Func<ElfSection, bool> match)
    {
        using var read = ElfObject.Read(bytes, "good.o");
        return read.Sections.First(match).Index;
    }

    private static Diagnostic Refused(DiagnosticDescriptor expected, byte[] bytes, Action<byte[]>? damage = null)
    {
        damage?.Invoke(bytes);
        var diagnostics = new DiagnosticBag();
        Assert.Null(ElfObject.TryRead(bytes, "bad.o", diagnostics));
        var diagnostic = DiagnosticAssert.Single(diagnostics, expected);
        Assert.Equal("bad.o", diagnostic.Location.File);
        return diagnostic;
    }
}

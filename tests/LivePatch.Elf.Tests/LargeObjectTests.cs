using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Elf.Tests;

/// <summary>Objects whose section count does not fit the 16-bit fields (SHN_XINDEX, e_shnum 0).</summary>
public sealed class LargeObjectTests
{
    private const int SectionCount = 65_400;

    [Fact]
    public void an_object_of_the_assembler_with_65400_sections_is_read_and_rewritten()
    {
        using var compiled = CompiledSource.Assembly($"""
            .altmacro
            .macro one n
            .section .data.v\n,"aw"
            v\n: .quad v\n + 8
            .endm
            .set i, 0
            .rept {SectionCount}
            one %i
            .set i, i+1
            .endr
            """);
        using var original = compiled.Read();
        Assert.True(original.Sections.Count > 2 * SectionCount);
        var last = Assert.Single(original.FindSymbols($"v{SectionCount - 1}"));
        Assert.Equal(ElfConstants.ShnXindex, last.RawSectionIndex);
        Assert.Equal($".data.v{SectionCount - 1}", last.Section!.Name);
        var relocation = Assert.Single(last.Section.Relocations);
        Assert.Equal(8, relocation.Addend);

        var bytes = ElfObjectBuilder.From(original).ToArray();
        using var rewritten = ElfObject.Read(bytes, "rewritten.o");
        Assert.Empty(ElfDifferences.Find(original, rewritten));
    }

    [Theory]
    [InlineData(65_279 - 4)]
    [InlineData(65_280 - 4)]
    [InlineData(65_281 - 4)]
    [InlineData(SectionCount)]
    public void our_own_object_around_the_limit_is_read_by_us_and_by_readelf(int count)
    {
        // Null section, .symtab, .strtab, .shstrtab come on top, and .symtab_shndx where it is needed.
        var builder = new ElfObjectBuilder(Architectures.X64.Machine);
        for (var index = 0; index < count; index++)
        {
            var section = builder.AddSection($".d{index}", ElfConstants.ShtProgbits);
            section.Flags = ElfConstants.ShfAlloc;
            section.Data = new byte[] { (byte)index };
            var symbol = builder.AddSymbol($"s{index}");
            symbol.Section = section;
            symbol.Size = 1;
            symbol.Type = ElfSymbolType.Object;
        }

        var bytes = builder.ToArray();
        using var read = ElfObject.Read(bytes, "many.o");
        Assert.All(read.Symbols.Skip(1), static symbol => Assert.Equal($".d{symbol.Name[1..]}", symbol.Section?.Name));
        Assert.Equal(count, read.Symbols.Count - 1);

        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("many.o"), bytes);
        var result = Tool.Run("readelf", "-hsW", directory.File("many.o"));
        Assert.True(result.Succeeded);
        Assert.Empty(result.Error);
        Assert.Contains($" {count} s{count - 1}\n", result.Output, StringComparison.Ordinal);
    }
}

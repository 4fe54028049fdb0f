using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.PostLink;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class LinkTimeSymbolTests
{
    [Fact]
    public void a_replaced_function_has_one_symbol_and_not_the_originals_name()
    {
        var module = Convert(static _ => { });
        Assert.Equal("work.klp", Assert.Single(module.Symbols, static symbol => symbol.Type == ElfSymbolType.Function).Name);
        var pointer = module.FindSection(".data")!.Relocations.Single(static relocation => relocation.Offset == 8);
        Assert.Equal(("work.klp", 0L), (pointer.Symbol.Name, pointer.Addend));
    }

    [Fact]
    public void a_hosted_function_has_no_symbol_and_is_reached_all_the_same()
    {
        var module = Convert(static builder =>
        {
            var text = Text(builder);
            var hosted = builder.AddSymbol(LinkTimeSymbol.ForHosted("body"));
            (hosted.Section, hosted.Type, hosted.Value, hosted.Size) = (text, ElfSymbolType.Function, 5, 6);
            builder.Sections.Single(static section => section.Type == ElfConstants.ShtRela && section.Target!.Name == ".text.work")
                .Relocations[0] = new ElfRelocationDraft(1, X64RelocationType.Plt32, hosted, -4);
        });
        Assert.DoesNotContain(module.Symbols, static symbol => symbol.Name.Contains("body", StringComparison.Ordinal));
        var call = module.FindSection(".text.work")!.Relocations.Single(static relocation => relocation.Offset == 1);
        Assert.Equal((ElfSymbolType.Section, ".text.work", 1L), (call.Symbol.Type, call.Symbol.Section!.Name, call.Addend));
    }

    [Theory]
    [InlineData("helper", ".text.work", "helper.klp")]
    [InlineData("klp_hosted.body.cold", ".text.work", "body.cold.klp")]
    [InlineData("init_module", ".init.text", "init_module")]
    public void other_functions_get_a_name_that_no_kernel_has(string name, string section, string expected)
    {
        var module = Convert(builder =>
        {
            var text = Text(builder);
            if (section != text.Name)
            {
                text = builder.AddSection(section, ElfConstants.ShtProgbits);
                (text.Flags, text.Data) = (ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr, new byte[] { 0xc3 });
            }

            var symbol = builder.AddSymbol(name);
            (symbol.Section, symbol.Type, symbol.Value) = (text, ElfSymbolType.Function, section == ".init.text" ? 0ul : 10ul);
        });
        Assert.Contains(module.Symbols, symbol => symbol.Name == expected);
        Assert.True(expected == name || module.Symbols.All(symbol => symbol.Name != name));
    }

    private static ElfSectionDraft Text(ElfObjectBuilder builder) =>
        builder.Sections.Single(static section => section.Name == ".text.work");

    private static ElfObject Convert(Action<ElfObjectBuilder> change)
    {
        var builder = ElfObjectBuilder.From(ElfObject.Read(LinkedModule.Make(), "test.ko"));
        change(builder);
        var diagnostics = new DiagnosticBag();
        var converted = PostLinker.TryConvert(ElfObject.Read(builder.ToArray(), "test.ko"), diagnostics);
        Assert.Empty(diagnostics);
        return ElfObject.Read(converted!, "test.ko");
    }
}

using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.Verify;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class CodeTableRuleTests
{
    [Theory]
    [InlineData("__fentry__", (byte)0xe8, "__mcount_loc", "__start_mcount_loc", 8)]
    [InlineData("__x86_return_thunk", (byte)0xe9, ".return_sites", "__return_sites", 4)]
    [InlineData("__x86_indirect_thunk_rax", (byte)0xe8, ".retpoline_sites", "__retpoline_sites", 4)]
    [InlineData("printk", (byte)0xe8, ".call_sites", "__call_sites", 4)]
    public void a_place_without_an_entry_is_reported_where_the_kernel_has_such_a_table(
        string callee, byte opcode, string table, string kernelSymbol, int size)
    {
        Assert.Empty(Verify(callee, opcode, null, "absent", size, 0));
        Assert.Equal(["LP0709"], Verify(callee, opcode, null, kernelSymbol, size, 0));
        Assert.Empty(Verify(callee, opcode, table, kernelSymbol, size, 0));
    }

    [Fact]
    public void an_entry_for_another_place_does_not_count() =>
        Assert.Equal(["LP0709"], Verify("__fentry__", 0xe8, "__mcount_loc", "__start_mcount_loc", 8, 5));

    [Fact]
    public void a_jump_is_no_call_that_is_counted() => Assert.Empty(Verify("printk", 0xe9, null, "__call_sites", 4, 0));

    [Fact]
    public void every_function_has_unwind_entries()
    {
        Assert.Equal(["LP0709"], Verify("printk", 0xe9, null, "__start_orc_unwind_ip", 4, 0));
        Assert.Equal(["LP0709"], Verify("printk", 0xe9, ".orc_unwind_ip", "__start_orc_unwind_ip", 4, 5));
        Assert.Empty(Verify("printk", 0xe9, ".orc_unwind_ip", "__start_orc_unwind_ip", 4, 0));
    }

    private static List<string> Verify(string callee, byte opcode, string? table, string kernelSymbol, int entrySize, long entry)
    {
        var builder = ElfObjectBuilder.From(ElfObject.Read(LinkedModule.Make(), "test.ko"));
        var text = builder.Sections.Single(static section => section.Name == ".text.work");
        text.Data = new byte[] { opcode, 0, 0, 0, 0, 0x90, 0, 0, 0, 0, 0xc3 };
        var relocations =
            builder.Sections.Single(
                static section => section.Type == ElfConstants.ShtRela && section.Target!.Name == ".text.work").Relocations;
        var symbol = builder.AddSymbol(callee);
        symbol.Binding = ElfSymbolBinding.Global;
        relocations.Clear();
        relocations.Add(new ElfRelocationDraft(1, X64RelocationType.Plt32, symbol, -4));
        if (table is not null)
        {
            var section = builder.AddSection(table, ElfConstants.ShtProgbits);
            (section.Flags, section.Data) = (ElfConstants.ShfAlloc, new byte[entrySize]);
            var rela = builder.AddRelocationSection(section);
            rela.Relocations.Add(new ElfRelocationDraft(
                0, entrySize == 8
                    ? X64RelocationType.Abs64
                    : X64RelocationType.Pc32, builder.Symbols.Single(static candidate => candidate.Name == "work"), entry));
        }

        var target = new FakeTarget();
        target.Exports.Add(callee);
        target.Symbols[kernelSymbol] = 1;
        return [.. ModuleVerifier.Verify(ElfObject.Read(builder.ToArray(), "test.ko"), target, Architectures.X64)
            .Where(static item => item.Id == "LP0709").Select(static item => item.Id)];
    }
}

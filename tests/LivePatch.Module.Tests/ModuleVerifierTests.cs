using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.PostLink;
using LivePatch.Module.Verify;
using Xunit;

namespace LivePatch.Module.Tests;

/// <summary>A good module passes; each rule fails when, and only when, it is broken.</summary>
public sealed class ModuleVerifierTests
{
    [Fact]
    public void a_good_module_has_nothing_to_report() => Assert.Empty(Verify(Good(), new FakeTarget()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void the_table_of_functions_is_read(bool hasStringSection)
    {
        var module = Converted(LinkedModule.Make(hasStringSection: hasStringSection));
        var function = Assert.Single(ModuleFacts.Read(ElfObject.Read(module, "test.ko")).Functions);
        Assert.Equal(("vmlinux", "work", 0ul, "work"), (function.ObjectName, function.OldName, function.Sympos, function.NewName));
    }

    [Fact]
    public void an_unconverted_module_has_unresolved_symbols() => Expect("LP0701", LinkedModule.Make(), new FakeTarget());

    [Fact]
    public void an_undefined_symbol_must_be_exported()
    {
        var target = new FakeTarget();
        target.Exports.Clear();
        Expect("LP0701", Good(), target);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void a_klp_symbol_must_exist_exactly_once(int count)
    {
        var target = new FakeTarget();
        target.Symbols["hidden"] = count;
        Expect("LP0702", Good(), target);
    }

    [Fact]
    public void a_position_beyond_the_last_is_refused()
    {
        var target = new FakeTarget();
        target.Symbols["hidden"] = 2;
        Expect("LP0702", Converted(LinkedModule.Make(position: 3)), target);
        Assert.Empty(Verify(Converted(LinkedModule.Make(position: 2)), target));
    }

    [Fact]
    public void a_klp_section_without_its_flag_is_refused() => Expect("LP0703", Edit(static builder =>
        builder.Sections.Single(
            static section =>
                section.Name.StartsWith(".klp.rela", StringComparison.Ordinal)).Flags &= ~ElfConstants.ShfRelaLivepatch), new FakeTarget());

    [Fact]
    public void an_ordinary_relocation_against_a_klp_symbol_is_refused() => Expect("LP0703", Edit(static builder =>
    {
        var klp = builder.Symbols.Single(static symbol => symbol.ReservedIndex == ElfConstants.ShnLivepatch);
        builder.Sections.Single(static section => section.Name == ".rela.text.work").Relocations.Add(
            new ElfRelocationDraft(6, X64RelocationType.Plt32, klp, -4));
    }), new FakeTarget());

    [Fact]
    public void another_kernels_module_is_refused() => Expect("LP0704", Good(), new FakeTarget { Release = "6.1.0-other" });

    [Fact]
    public void a_module_without_the_livepatch_mark_is_refused() => Expect("LP0705", Edit(static builder =>
    {
        var info = builder.Sections.Single(static section => section.Name == ".modinfo");
        info.Data = System.Text.Encoding.ASCII.GetBytes($"vermagic={LinkedModule.Release} SMP\0");
    }), new FakeTarget());

    [Fact]
    public void bytes_under_a_relocation_must_be_zero() => Expect("LP0706", Edit(static builder =>
        builder.Sections.Single(
            static section =>
                section.Name == ".text.work").Data = new byte[] { 0xe8, 1, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xc3 }), new FakeTarget());

    [Fact]
    public void a_relocation_type_the_loader_does_not_know_is_refused() => Expect("LP0706", Edit(static builder =>
    {
        var list = builder.Sections.Single(static section => section.Name == ".rela.text.work").Relocations;
        list[0] = list[0] with { Type = X64RelocationType.GotPcRel };
    }), new FakeTarget());

    [Fact]
    public void a_function_that_cannot_be_traced_is_refused() => Expect("LP0606", Good(), new FakeTarget { Traceable = false });

    [Fact]
    public void a_function_the_target_does_not_have_is_refused()
    {
        var target = new FakeTarget();
        target.Symbols.Remove("work");
        Expect("LP0702", Good(), target);
    }

    private static byte[] Good() => Converted(LinkedModule.Make());

    private static byte[] Converted(byte[] linked) => PostLinker.TryConvert(ElfObject.Read(linked, "test.ko"), [])!;

    private static byte[] Edit(Action<ElfObjectBuilder> change)
    {
        var builder = ElfObjectBuilder.From(ElfObject.Read(Good(), "test.ko"));
        change(builder);
        return builder.ToArray();
    }

    private static DiagnosticBag Verify(byte[] module, FakeTarget target) =>
        ModuleVerifier.Verify(ElfObject.Read(module, "test.ko"), target, Architectures.X64);

    private static void Expect(string id, byte[] module, FakeTarget target) =>
        Assert.Contains(id, Verify(module, target).Select(static item => item.Id));
}

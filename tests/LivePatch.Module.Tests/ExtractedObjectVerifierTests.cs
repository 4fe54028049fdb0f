using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class ExtractedObjectVerifierTests
{
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal) { ["bug_entry"] = 12 };

    private readonly ElfObjectBuilder _builder = new(Architectures.X64.Machine);
    private readonly ElfSectionDraft _text;
    private readonly ElfSectionDraft _code;
    private readonly ElfSymbolDraft _function;
    private readonly List<SymbolResolution.Klp> _klpSymbols = [];

    public ExtractedObjectVerifierTests()
    {
        _text = Section(".text.work", ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr, 16);
        _code = _builder.AddRelocationSection(_text);
        _function = Symbol("klp_new_0_0_work", _text);
    }

    [Fact]
    public void a_sound_object_passes()
    {
        _klpSymbols.Add(new SymbolResolution.Klp("vmlinux", "hidden", 0));
        _code.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Plt32, Symbol("exported", null), -4));
        _code.Relocations.Add(
            new ElfRelocationDraft(
                4, X64RelocationType.Plt32, Symbol(new PendingSymbolName("vmlinux", "vmlinux", "hidden", 0).ToString(), null), -4));
        Table("__bug_table", 12).Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Pc32, _function, 2));
        Assert.Empty(Verify());
    }

    [Theory]
    [InlineData(13ul, X64RelocationType.Plt32, 0L)]
    [InlineData(0ul, X64RelocationType.GotPcRel, 0L)]
    [InlineData(0ul, X64RelocationType.Plt32, 1L << 20)]
    [InlineData(0ul, X64RelocationType.Plt32, -(1L << 20))]
    public void a_relocation_out_of_range_is_found(ulong offset, uint type, long addend)
    {
        _code.Relocations.Add(new ElfRelocationDraft(offset, type, _function, addend));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.BadRelocation);
    }

    [Fact]
    public void overlapping_relocations_are_found()
    {
        _code.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Plt32, _function, 0));
        _code.Relocations.Add(new ElfRelocationDraft(2, X64RelocationType.Plt32, _function, 0));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.BadRelocation);
    }

    [Fact]
    public void relocated_bytes_must_be_zero()
    {
        _text.Data = Enumerable.Repeat((byte)1, 16).ToArray();
        _code.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Plt32, _function, 0));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.BadRelocation);
    }

    [Fact]
    public void a_reference_to_what_is_not_loaded_is_found()
    {
        _code.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Plt32, Symbol("note", Section(".discard.addressable", 0, 8)), 0));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.BadRelocation);
    }

    [Fact]
    public void code_that_is_freed_after_boot_is_found()
    {
        Section(".init.text", ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr, 8);
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.BadRelocation);
    }

    [Fact]
    public void a_name_nobody_resolves_is_found()
    {
        _code.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Plt32, Symbol("nowhere", null), -4));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.UndefinedSymbol);
    }

    [Fact]
    public void a_livepatch_symbol_missing_from_the_list_is_found()
    {
        _code.Relocations.Add(
            new ElfRelocationDraft(
                0, X64RelocationType.Plt32, Symbol(new PendingSymbolName("vmlinux", "vmlinux", "hidden", 1).ToString(), null), -4));
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.UndefinedSymbol);
    }

    [Fact]
    public void the_public_name_of_a_replacement_must_be_there()
    {
        _function.Binding = ElfSymbolBinding.Local;
        DiagnosticAssert.Single(Verify(), ModuleDiagnostics.UndefinedSymbol);
    }

    [Fact]
    public void a_table_entry_of_a_function_that_is_not_here_is_found()
    {
        Table("__bug_table", 12).Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Pc32, Symbol("exported", null), 0));
        DiagnosticAssert.Single(Verify(), DiffDiagnostics.BadSpecialSection);
    }

    [Theory]
    [InlineData("__bug_table", 24)]
    [InlineData("__mcount_loc", 16)]
    public void a_table_entry_without_a_function_is_found(string name, int size)
    {
        Table(name, size).Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Abs64, _function, 0));
        DiagnosticAssert.Single(Verify(), DiffDiagnostics.BadSpecialSection);
    }

    private ElfSectionDraft Table(string name, int size) => _builder.AddRelocationSection(Section(name, ElfConstants.ShfAlloc, size));

    private ElfSectionDraft Section(string name, ulong flags, int size)
    {
        var section = _builder.AddSection(name, ElfConstants.ShtProgbits);
        section.Flags = flags;
        section.Data = new byte[size];
        return section;
    }

    private ElfSymbolDraft Symbol(string name, ElfSectionDraft? section)
    {
        var symbol = _builder.AddSymbol(name);
        symbol.Binding = ElfSymbolBinding.Global;
        symbol.Section = section;
        return symbol;
    }

    private DiagnosticBag Verify()
    {
        var diagnostics = new DiagnosticBag();
        var extracted = new ExtractedObject(
            "vmlinux", "lib/test.o", _builder.ToArray(), [
                new ReplacedFunction("vmlinux", "work", 0, "work", "klp_new_0_0_work")], [], _klpSymbols, []);
        ExtractedObjectVerifier.Verify(
            extracted, Architectures.X64, X64SpecialSections.Create(Sizes), static name => name == "exported", diagnostics);
        return diagnostics;
    }
}

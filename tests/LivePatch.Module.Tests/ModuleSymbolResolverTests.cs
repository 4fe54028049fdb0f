using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;
using Xunit;

namespace LivePatch.Module.Tests;

/// <summary>Resolution for code of a module, among vmlinux, its own symbols and other modules.</summary>
public sealed class ModuleSymbolResolverTests
{
    private const string Symvers = """
        0x00000001	exported	vmlinux	EXPORT_SYMBOL	
        0x00000002	of_friend	lib/friend	EXPORT_SYMBOL	
        0x00000003	of_stranger	lib/stranger	EXPORT_SYMBOL	
        0x00000004	own_export	drivers/target	EXPORT_SYMBOL	
        0x00000005	chosen	vmlinux	EXPORT_SYMBOL_GPL	module:kvm
        0x00000006	spaced	vmlinux	EXPORT_SYMBOL_GPL	SPACE
        0x00000007	both	vmlinux	EXPORT_SYMBOL	

        """;

    [Fact]
    public void a_vmlinux_symbol_that_is_not_exported_is_found_there() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "hidden", 0), Resolve("hidden"));

    [Fact]
    public void a_static_of_vmlinux_is_out_of_reach() => Refused("LP0601", "hidden_static");

    [Fact]
    public void the_modules_own_symbols_are_klp_symbols()
    {
        Assert.Equal(new SymbolResolution.Klp("target", "helper", 0), Resolve("helper", isLocal: true));
        Assert.Equal(new SymbolResolution.Klp("target", "own_export", 0), Resolve("own_export"));
        Assert.Equal(new SymbolResolution.Klp("target", "__this_module", 0), Resolve("__this_module"));
    }

    [Fact]
    public void the_modules_own_global_comes_before_an_export_of_that_name() =>
        Assert.Equal(new SymbolResolution.Klp("target", "both", 0), Resolve("both"));

    [Fact]
    public void what_vmlinux_exports_stays_ordinary()
    {
        Assert.Equal(new SymbolResolution.Exported(null), Resolve("exported"));
        Assert.Equal(new SymbolResolution.Exported("SPACE"), Resolve("spaced"));
    }

    [Fact]
    public void an_export_to_named_modules_is_reached_like_an_unexported_symbol() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "chosen", 0), Resolve("chosen"));

    [Fact]
    public void an_export_of_a_module_the_target_depends_on_is_resolved_late() =>
        Assert.Equal(new SymbolResolution.Klp("friend", "of_friend", 2), Resolve("of_friend"));

    [Fact]
    public void an_export_of_any_other_module_is_refused() => Refused("LP0608", "of_stranger");

    [Fact]
    public void vmlinux_depends_on_no_module() => Refused("LP0608", "of_friend", objectName: "vmlinux");

    [Fact]
    public void initialisation_data_is_gone() => Refused("LP0609", "init_only", isLocal: true);

    [Fact]
    public void a_position_must_hold_while_loading_and_afterwards()
    {
        Refused("LP0602", "shadowed", isLocal: true, place: new SymbolPlace(0x20, ".text"));
        Assert.Equal(
            new SymbolResolution.Klp("target", "steady", 1), Resolve("steady", isLocal: true, place: new SymbolPlace(0x30, ".text")));
    }

    [Fact]
    public void equal_addresses_in_two_sections_are_two_places() =>
        Assert.Equal(
            new SymbolResolution.Klp("target", "twin", 2), Resolve("twin", isLocal: true, place: new SymbolPlace(0x40, ".text.unlikely")));

    [Theory]
    [InlineData("target", "hidden", "vmlinux")]
    [InlineData("target", "of_friend", "friend")]
    [InlineData("vmlinux", "hidden", "vmlinux")]
    public void a_pointer_to_a_function_that_loses_its_landing_pad_is_refused(string objectName, string name, string owner)
    {
        var request = Request(name, false);
        var diagnostics = new DiagnosticBag();
        Assert.Equal(owner, Assert.IsType<SymbolResolution.Klp>(Resolver(objectName, null).Resolve(request, diagnostics)).ObjectName);
        Assert.Empty(diagnostics);
        Assert.Null(Resolver(objectName, null).Resolve(request with { TakesAddress = true }, diagnostics));
        var refusal = Assert.Single(diagnostics);
        Assert.Equal("LP0524", refusal.Id);
        Assert.Contains($"a new static function that calls {name}", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void a_pointer_to_any_other_function_is_none_of_that()
    {
        var diagnostics = new DiagnosticBag();
        var request = Request("chosen", false) with { TakesAddress = true };
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "chosen", 0), Resolver("vmlinux", null).Resolve(request, diagnostics));
        Assert.Empty(diagnostics);
    }

    private static SymbolResolution? Resolve(string name, bool isLocal = false, SymbolPlace? place = null)
    {
        var diagnostics = new DiagnosticBag();
        var result = Resolver("target", place).Resolve(Request(name, isLocal), diagnostics);
        Assert.Empty(diagnostics);
        return result;
    }

    private static void Refused(string id, string name, bool isLocal = false, SymbolPlace? place = null, string objectName = "target")
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(Resolver(objectName, place).Resolve(Request(name, isLocal), diagnostics));
        Assert.Equal(id, Assert.Single(diagnostics).Id);
    }

    private static SymbolRequest Request(string name, bool isLocal) =>
        new(name, isLocal, false, null, DiagnosticLocation.InSymbol("a.o", "f"));

    private static KernelSymbolResolver Resolver(string objectName, SymbolPlace? place)
    {
        KernelSymbol[] module =
        [
            In("helper", 0x10, 't'), In("own_export", 0x18, 'T'), In(
                "__this_module", 0, 'D', ".gnu.linkonce.this_module"), In("both", 0x1c, 'T'),
            In("init_only", 0, 'd', ".init.data"),
            In("shadowed", 0, 't', ".init.text"), In("shadowed", 0x20, 't'),
            In("steady", 0x30, 't'), In("steady", 8, 't', ".init.text"),
            In("twin", 0x40, 't'), In("twin", 0x40, 't', ".text.unlikely"),
        ];
        var symvers = ModuleSymvers.TryParse("Module.symvers", System.Text.Encoding.ASCII.GetBytes(Symvers), [])!;
        var symbols = objectName == "vmlinux"
            ? new FakeSurroundings().Vmlinux
            : KernelSymbolTable.FromOrdered("target.ko", module, isLinked: false);
        return new KernelSymbolResolver(objectName, symbols, symvers, new FixedLocator(place), new FakeSurroundings());
    }

    private static KernelSymbol In(string name, ulong offset, char type, string section = ".text") =>
        new(name, offset, type, 4, char.IsUpper(type))
        {
            Section = section,
            Lifetime = section.StartsWith(".init", StringComparison.Ordinal) ? SymbolLifetime.WhileLoading : SymbolLifetime.Resident,
        };

    private sealed class FakeSurroundings : ISurroundings
    {
        public KernelSymbolTable Vmlinux { get; } = KernelSymbolTable.FromOrdered(
            "vmlinux",
            [
                new("hidden", 0x1000, 'T', 0, true), new("hidden_static", 0x2000, 't', 0, false), new("chosen", 0x3000, 'T', 0, true),
                new("exported", 0x4000, 'T', 0, true)],
            isLinked: true);

        public bool IsLoadedBefore(string module) => module == "friend";

        public KernelSymbolTable? SymbolsOf(string module) =>
            KernelSymbolTable.FromOrdered(module + ".ko", [In("of_friend", 0, 't'), In("of_friend", 0x60, 'T')], isLinked: false);

        public bool IsSealed(string owner, SymbolPlace place) =>
            owner == "vmlinux" ? place == new SymbolPlace(0x1000, null) : place == new SymbolPlace(0x60, ".text");
    }

    private sealed class FixedLocator(SymbolPlace? place) : ISymbolLocator
    {
        public SymbolPlace? PlaceOf(SymbolRequest request) => place;
    }
}

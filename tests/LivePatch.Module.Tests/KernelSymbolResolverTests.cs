using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests;

public sealed class KernelSymbolResolverTests
{
    private const string Symvers =
        "0x00000001\texported\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\tof_module\tfs/jbd2/jbd2\tEXPORT_SYMBOL\t\n0x00000003\tspaced\tvmlinux\tEXPORT_SYMBOL_GPL\tSPACE\n";

    [Fact]
    public void an_export_of_vmlinux_is_an_ordinary_symbol() =>
        Assert.Equal(new SymbolResolution.Exported(null), Resolve("exported"));

    [Fact]
    public void a_namespaced_export_asks_for_its_import() =>
        Assert.Equal(new SymbolResolution.Exported("SPACE"), Resolve("spaced"));

    [Fact]
    public void a_static_symbol_is_never_an_export_of_the_same_name() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "exported", 0), Resolve("exported", isLocal: true));

    [Fact]
    public void an_export_of_a_module_is_resolved_late() =>
        Assert.Equal(new SymbolResolution.Klp("jbd2", "of_module", 0), Resolve("of_module"));

    [Fact]
    public void a_unique_name_has_position_zero() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "unique", 0), Resolve("unique", isLocal: true));

    [Fact]
    public void another_files_static_is_not_the_global_that_is_meant() => Refused("LP0601", "unique");

    [Fact]
    public void another_files_global_is_not_the_static_that_is_meant() => Refused("LP0601", "visible", isLocal: true);

    [Fact]
    public void the_binding_of_per_cpu_symbols_is_not_known() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "per_cpu", 0), Resolve("per_cpu", isLocal: true));

    [Fact]
    public void what_lies_at_zero_is_a_number_because_livepatch_cannot_find_it()
    {
        Assert.Equal(new SymbolResolution.Constant(0), Resolve("at_zero"));
        Assert.Equal(new SymbolResolution.Constant(0), Resolve("at_zero", isLocal: true));
    }

    [Fact]
    public void equal_names_are_told_apart_by_address() =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", "twice", 2), Resolve("twice", isLocal: true, address: 0x4000));

    [Fact]
    public void equal_names_without_proof_are_refused() => Refused("LP0602", "twice", isLocal: true);

    [Fact]
    public void an_address_where_no_such_symbol_is_proves_nothing() => Refused("LP0602", "twice", isLocal: true, address: 0x5000);

    [Fact]
    public void a_name_the_kernel_lacks_is_refused() => Refused("LP0601", "missing");

    [Fact]
    public void a_weak_name_the_kernel_lacks_stays_open() =>
        Assert.Equal(new SymbolResolution.Absent(), Resolve("missing", isWeak: true));

    [Theory]
    [InlineData("boot_function")]
    [InlineData("boot_data")]
    public void what_is_freed_when_the_kernel_has_booted_is_refused(string name) => Refused("LP0609", name);

    [Theory]
    [InlineData("after_boot")]
    [InlineData("_sinittext")]
    [InlineData("__init_end")]
    public void the_bounds_of_boot_code_and_what_lies_behind_it_stay(string name) =>
        Assert.Equal(new SymbolResolution.Klp("vmlinux", name, 0), Resolve(name));

    [Theory]
    [InlineData("weak_here", true)]
    [InlineData("visible", false)]
    public void a_weak_function_is_only_replaced_where_it_is_the_one_that_runs(string name, bool runs)
    {
        using var source =
            CompiledSource.C($"__attribute__((weak)) int {name}(int x) {{ return x + 1; }}", "gcc", "-O2", "-ffunction-sections");
        using var elf = source.Read();
        var diagnostics = new DiagnosticBag();
        var catalog = Architectures.X64.Tables.Catalog(new Dictionary<string, int>());
        var atom = KernelObjectReader.TryRead(elf, Architectures.X64, catalog, diagnostics)!.Atoms.First(atom => atom.Name == name);
        var request = new SymbolRequest(name, false, false, atom, DiagnosticLocation.InSymbol("a.o", name));
        var found = Resolver(null).Locate(request, diagnostics);
        Assert.Equal(runs ? [] : ["LP0523"], diagnostics.Select(static item => item.Id));
        Assert.Equal(runs, found is not null);

        // A call leads to whichever definition the linker chose.
        Assert.Equal(new SymbolResolution.Klp("vmlinux", name, 0), Resolver(null).Resolve(request, []));
    }

    private static SymbolResolution? Resolve(string name, bool isLocal = false, bool isWeak = false, ulong? address = null)
    {
        var diagnostics = new DiagnosticBag();
        var result = Resolver(address).Resolve(Request(name, isLocal, isWeak), diagnostics);
        Assert.Empty(diagnostics);
        return result;
    }

    private static void Refused(string id, string name, bool isLocal = false, ulong? address = null)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(Resolver(address).Resolve(Request(name, isLocal, false), diagnostics));
        Assert.Equal(id, Assert.Single(diagnostics).Id);
    }

    private static SymbolRequest Request(string name, bool isLocal, bool isWeak) =>
        new(name, isLocal, isWeak, null, DiagnosticLocation.InSymbol("a.o", "f"));

    private static KernelSymbolResolver Resolver(ulong? address)
    {
        KernelSymbol[] symbols =
        [
            new("at_zero", 0, 'A', 0, true),
            new("per_cpu", 0x100, 'A', 0, true),
            new("visible", 0x800, 'T', 0, true),
            new("weak_here", 0x900, 'W', 0, true),
            new("unique", 0x1000, 't', 0, false),
            new("exported", 0x1800, 't', 0, false),
            new("twice", 0x2000, 't', 0, false),
            new("twice", 0x4000, 't', 0, false),
            new("__init_begin", 0x6000, 'R', 0, true),
            new("_sinittext", 0x6000, 'T', 0, true),
            new("boot_function", 0x6000, 'T', 0, true),
            new("boot_data", 0x6ff8, 'D', 0, true),
            new("__init_end", 0x7000, 'R', 0, true),
            new("after_boot", 0x7000, 'D', 0, true),
        ];
        var table = KernelSymbolTable.FromOrdered("test", symbols, isLinked: true);
        var symvers = ModuleSymvers.TryParse("Module.symvers", System.Text.Encoding.ASCII.GetBytes(Symvers), [])!;
        return new KernelSymbolResolver("vmlinux", table, symvers, new FixedLocator(address));
    }

    private sealed class FixedLocator(ulong? address) : ISymbolLocator
    {
        public SymbolPlace? PlaceOf(SymbolRequest request) => address is { } there ? new SymbolPlace(there, null) : null;
    }
}

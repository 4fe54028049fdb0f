using LivePatch.Diff.Accounting;
using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.TestSupport.Mutations;

namespace LivePatch.Diff.Tests;

/// <summary>Complete accounting: nothing allocated can differ between two objects without a word.</summary>
public sealed class AccountingTests
{
    private const int ChangesPerCase = 700;

    /// <summary>Cases with much in few bytes: every kind of table, parts, statics, several files, aliases, shared sections.</summary>
    public static TheoryData<string> Names =>
    [
        "table-bug (gcc)", "static-branch-vmlinux (gcc)", "table-alternatives (gcc)", "table-orc (gcc)", "cold-part-changed (gcc)",
            "ubsan-changed (gcc)",
        "two-files (gcc)", "printk-index (gcc)", "dynamic-debug-vmlinux (gcc)", "static-locals-of-two-scopes (gcc)", "table-fixup (gcc)",
            "aliases (gcc)",
        "export-of-changed (gcc)", "prefix-in-shared-section (gcc)", "new-variable-in-shared-section (gcc)",
            "exception-type-changed (gcc)", "pointer-in-new-table (gcc)",
        "percpu-existing (gcc)", "static-branch-tracepoint-vmlinux (gcc)",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task no_change_of_an_object_is_passed_over(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        var check = new MutationCheck(compiled.Patched, Architectures.X64, X64SpecialSections.Create(fixture.StructSizes),
            fixture.ObjectName);
        var missed = new ObjectMutator(compiled.Patched, seed: 20261125).Make(ChangesPerCase).AsParallel().Select(check.Check)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public async Task every_piece_of_both_objects_is_claimed()
    {
        foreach (var fixture in FixtureCatalog.Cases.Values.Where(static fixture => !fixture.IsUnreadable && fixture.Compiler == "gcc"))
        {
            var compiled = await CompiledFixture.CompileAsync(fixture);
            using var original = ElfObject.Read(compiled.Patched, "case.o");
            using var patched = ElfObject.Read(compiled.Patched, "case.o");
            var result = DiffEngine.Compare(
                original, patched, Architectures.X64, X64SpecialSections.Create(fixture.StructSizes),
                    new DiffOptions(fixture.ObjectName, new EverythingInVmlinux()));
            Assert.NotNull(result.Ledger);
            Assert.Empty(result.Ledger.Unclaimed);
            var claimed = result.Ledger.Claims.Where(static claim => claim.IsPatched).Select(static claim => claim.Atom).ToHashSet();
            Assert.All(result.Pair!.Patched.Atoms, atom => Assert.Contains(atom, claimed));
            Assert.DoesNotContain(result.Ledger.Claims, static claim => claim.Kind is ClaimKind.Selected or ClaimKind.Reported);
        }
    }

    private sealed class EverythingInVmlinux : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}

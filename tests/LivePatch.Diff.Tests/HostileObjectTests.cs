using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Select;
using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.Extract;

namespace LivePatch.Diff.Tests;

/// <summary>
/// Whatever the bytes of either side, reading, comparing and extracting ends with a result or with diagnostics: never
/// an exception, a hang, or memory out of proportion. More than 100,000 damaged pairs.
/// </summary>
public sealed class HostileObjectTests
{
    private const int RandomChangesPerSide = 3_600;
    private const int LeastRunsPerCase = 9_100;
    private const long MostBytes = 32 << 20;

    /// <summary>Cases with much in few bytes: every kind of table, parts, statics, several files.</summary>
    public static TheoryData<string> Names =>
    [
        "table-bug (gcc)", "static-branch-vmlinux (gcc)", "table-alternatives (gcc)", "table-orc (gcc)", "cold-part-changed (gcc)",
        "ubsan-changed (gcc)", "two-files (gcc)", "printk-index (gcc)", "dynamic-debug-vmlinux (gcc)", "static-locals-of-two-scopes (gcc)",
        "table-fixup (gcc)",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task a_damaged_side_ends_in_a_verdict_or_diagnostics(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        var runs = 0;
        var compared = 0;
        foreach (var isOriginal in (bool[])[true, false])
        {
            var (good, other) = isOriginal ? (compiled.Original, compiled.Patched) : (compiled.Patched, compiled.Original);
            var damaged = ElfMutator.Truncations(good).Where(static (_, index) => index % 16 == 0)
                .Concat(ElfMutator.Substitutions(good).Where(static (_, index) => index % 8 == 0))
                .Concat(ElfMutator.RandomChanges(good, seed: 20251125, RandomChangesPerSide));
            Parallel.ForEach(damaged, bad =>
            {
                if (Survives(fixture, isOriginal ? bad : other, isOriginal ? other : bad))
                {
                    Interlocked.Increment(ref compared);
                }

                Interlocked.Increment(ref runs);
            });
        }

        Assert.True(runs >= LeastRunsPerCase, $"only {runs} damaged pairs");
        Assert.True(compared > runs / 10, $"only {compared} of {runs} came as far as a comparison");
    }

    private static bool Survives(FixtureCase fixture, byte[] before, byte[] after)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var diagnostics = new DiagnosticBag();
        using var original = ElfObject.TryRead(before, "case.o", diagnostics);
        using var patched = ElfObject.TryRead(after, "case.o", diagnostics);
        if (original is null || patched is null)
        {
            Assert.True(diagnostics.HasFatal);
            return false;
        }

        var result = DiffEngine.Compare(
            original, patched, Architectures.X64, X64SpecialSections.Create(fixture.StructSizes), new DiffOptions(
                fixture.ObjectName, new EverythingInVmlinux()));
        Assert.True(result.Pair is not null || result.Diagnostics.HasFatal);
        if (!result.Diagnostics.HasFatal && !result.Selection.IsEmpty)
        {
            _ =
                ObjectExtractor.TryExtract(
                    result,
                    fixture.ObjectName,
                    "case.o",
                    "klp_case_",
                    new FixtureSymbolResolver(original, fixture.ObjectName, fixture.ModuleOwned),
                    diagnostics);
        }

        var used = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(used < MostBytes, $"{used} bytes for a file of {after.Length}");
        return result.Pair is not null;
    }

    private sealed class EverythingInVmlinux : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}

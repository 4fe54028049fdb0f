using LivePatch.Elf;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>What compilers hand to the functions that report undefined behaviour has no names and is written to: it is known by its
/// sections.</summary>
public sealed class SanitizerReportTests
{
    [Fact]
    public void sections_of_reports_are_told_from_others()
    {
        const string source = "static int state = 5; int table[8]; int f(int i, int n) { state += n << i; return table[i] + state; }";
        using var compiled =
            CompiledSource.C(source, "gcc", "-O2", "-fdata-sections", "-fno-pie", "-mcmodel=kernel", "-fsanitize=shift,bounds");
        using var file = compiled.Read();
        var reported = file.FindSection(".text")!.Relocations
            .Select(static relocation => relocation.Symbol.Section)
            .OfType<ElfSection>()
            .Where(static section => section.Name.StartsWith(".data", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(reported, MadeAfresh.IsSanitizerReport);
        Assert.All(
            reported,
            static section => Assert.Equal(section.Name is not (".data.state" or ".data.table"), MadeAfresh.IsSanitizerReport(section)));
        Assert.False(MadeAfresh.IsSanitizerReport(file.FindSection(".data.state")!));
    }
}

using LivePatch.Core.Diagnostics;

namespace LivePatch.Core.Tests;

public sealed class DiagnosticTests
{
    [Fact]
    public void places_read_like_a_compilers()
    {
        Assert.Equal("fs/a.o: f+0x1c", DiagnosticLocation.InSymbol("fs/a.o", "f", 0x1c).ToString());
        Assert.Equal("fs/a.o: .altinstructions", DiagnosticLocation.InSection("fs/a.o", ".altinstructions").ToString());
        Assert.Equal("a.patch:12", DiagnosticLocation.AtLine("a.patch", 12).ToString());
        Assert.Equal(string.Empty, DiagnosticLocation.None.ToString());
        Assert.Equal("a.o: error LP0001: why", CoreDiagnostics.CannotRead.At("a.o", "why").ToString());
        Assert.Equal("error LP0001: why", CoreDiagnostics.CannotRead.Anywhere("why").ToString());
    }

    [Fact]
    public void only_errors_and_refusals_are_fatal()
    {
        foreach (var kind in Enum.GetValues<DiagnosticKind>())
        {
            var bag = new DiagnosticBag { new DiagnosticDescriptor("LP0000", kind, "t", "r").Anywhere("x") };
            Assert.Equal(kind is DiagnosticKind.Error or DiagnosticKind.Refusal, bag.HasFatal);
        }
    }

    [Fact]
    public void an_exact_remedy_replaces_the_general_one()
    {
        Assert.Equal(CoreDiagnostics.CannotRead.Remedy, CoreDiagnostics.CannotRead.Anywhere("x").Remedy);
        Assert.Equal("do this", CoreDiagnostics.CannotRead.Anywhere("x", "do this").Remedy);
    }

    [Fact]
    public void a_failure_without_a_reason_cannot_be_made() =>
        Assert.Throws<ArgumentException>(static () => new DiagnosticException([]));
}

using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Cli.Tests;

public sealed class DiagnosticRendererTests
{
    private static readonly DiagnosticDescriptor Warning = new("LP0001", DiagnosticKind.Warning, "w", "Look.");
    private static readonly DiagnosticDescriptor Note = new("LP0002", DiagnosticKind.Note, "n", "Nothing.");

    [Fact]
    public void a_remedy_that_several_share_is_written_once_after_the_last()
    {
        var written = new StringWriter();
        DiagnosticRenderer.Write(
            written,
            [
                Warning.At("a.o", "one."), Note.At("a.o", "unseen."), Warning.At("b.o", "two."), Warning.At("c.o", "three.", "Run."),
                CoreDiagnostics.CannotRead.At("d", "four.")],
            Verbosity.Normal,
            colour: false);
        Assert.Equal(
            $"a.o: warning LP0001: one.\nb.o: warning LP0001: two.\n    remedy: Look.\nc.o: warning LP0001: three.\n    remedy: "
                + $"Run.\nd: error LP0001: four.\n    remedy: {CoreDiagnostics.CannotRead.Remedy}\n",
            written.ToString());
    }
}

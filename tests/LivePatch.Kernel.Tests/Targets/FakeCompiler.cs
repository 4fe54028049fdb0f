using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Kernel.Tests.Targets;

/// <summary>Answers <c>gcc-12 --version</c>, and nothing else.</summary>
internal sealed class FakeCompiler(string? firstLine) : IProcessRunner
{
    public const string Debian12 = "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0";

    public List<string> Commands { get; } = [];

    public Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Commands.Add(request.CommandLine);
        return firstLine is null
            ? throw new DiagnosticException(CoreDiagnostics.ToolMissing.Anywhere("no such program"))
            : Task.FromResult(new ProcessResult(0, firstLine + "\nCopyright\n", string.Empty, false, TimeSpan.Zero));
    }
}

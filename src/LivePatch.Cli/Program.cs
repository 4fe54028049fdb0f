using LivePatch.Cli;
using LivePatch.Cli.Commands;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Processes;

try
{
    var closed = StandardStreams.FindClosed();
    StandardInputPatch.IsClosed = closed[0];
    return await CommandLine.RunAsync(args, Terminal.Of(closed[1], closed[2]), new ProcessRunner()).ConfigureAwait(false);
}
catch (Exception failure)
{
    // Too few threads, descriptors or memory for anything else; the console itself opens files before it writes its first word.
    LastWords.Write($"error {CliDiagnostics.SystemRefuses.Id}: {failure.Message}\n    remedy: {CliDiagnostics.SystemRefuses.Remedy}\n");
    return (int)ExitCode.Error;
}

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
    // Too few threads, descriptors or memory for anything else.
    try
    {
        Console.Error.WriteLine($"error {CliDiagnostics.SystemRefuses.Id}: {failure.Message}\n    remedy: {CliDiagnostics.SystemRefuses.Remedy}");
    }
    catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
    {
        return (int)ExitCode.Error;
    }

    return (int)ExitCode.Error;
}

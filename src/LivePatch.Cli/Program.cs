using LivePatch.Cli;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Processes;

return await CommandLine.RunAsync(args, Terminal.Process, new ProcessRunner()).ConfigureAwait(false);

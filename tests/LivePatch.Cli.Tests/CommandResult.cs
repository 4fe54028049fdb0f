using LivePatch.Cli.Rendering;
using LivePatch.Core.Processes;

namespace LivePatch.Cli.Tests;

/// <summary>What one command line wrote and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new Terminal(output, error, false), new ProcessRunner());
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

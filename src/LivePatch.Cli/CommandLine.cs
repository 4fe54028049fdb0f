using System.CommandLine;
using LivePatch.Cli.Commands;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Processes;

namespace LivePatch.Cli;

/// <summary>The command line as a whole.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, IProcessRunner runner)
    {
        terminal = terminal.Guarded();
        var exitCode = await RunGuardedAsync(arguments, terminal, runner).ConfigureAwait(false);
        Flush(terminal.Out);
        if (terminal.Out is OutputWriter { Failure: { } failure })
        {
            DiagnosticRenderer.Write(
                terminal.Error, [CliDiagnostics.OutputLost.Anywhere(failure)], Verbosity.Normal, terminal.IsInteractive);
            return exitCode is (int)ExitCode.Done or (int)ExitCode.NoChange ? (int)ExitCode.Error : exitCode;
        }

        return exitCode;
    }

    private static void Flush(TextWriter writer) => writer.Flush();

    private static async Task<int> RunGuardedAsync(string[] arguments, Terminal terminal, IProcessRunner runner)
    {
        var root = new RootCommand("Turns a source patch for the Linux kernel into a loadable livepatch module.");
        BuildCommand.AddTo(root, terminal, runner);
        root.Add(DiffCommand.Create(terminal));
        root.Add(VerifyCommand.Create(terminal, runner));
        root.Add(InspectCommand.Create(terminal, runner));
        root.Add(PostLinkCommand.Create(terminal));
        root.Add(OwnersCommand.Create(terminal, runner));
        root.Add(DoctorCommand.Create(terminal, runner));
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("interrupted; nothing half-written was kept").ConfigureAwait(false);
            return (int)ExitCode.Interrupted;
        }
        catch (Core.Diagnostics.DiagnosticException failure)
        {
            DiagnosticRenderer.Write(terminal.Error, failure.Diagnostics, Verbosity.Normal, terminal.IsInteractive);
            return (int)ExitCode.Error;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            DiagnosticRenderer.Write(
                terminal.Error, [CliDiagnostics.SystemRefuses.Anywhere(failure.Message)], Verbosity.Normal, terminal.IsInteractive);
            return (int)ExitCode.Error;
        }
        catch (Exception failure)
        {
            DiagnosticRenderer.Write(
                terminal.Error,
                [Core.Diagnostics.CoreDiagnostics.Internal.Anywhere($"{failure.GetType().Name}: {failure.Message}")],
                Verbosity.Normal,
                terminal.IsInteractive);
            return (int)ExitCode.Error;
        }
    }
}

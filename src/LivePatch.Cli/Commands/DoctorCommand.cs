using System.CommandLine;
using System.Text.Json;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Targets;
using Spectre.Console;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build doctor: what this host lacks, and the command that installs it.</summary>
internal sealed class DoctorCommand(Terminal terminal, IProcessRunner runner)
{
    private static readonly string[] BuildPrograms = ["make", "patch", "ld", "tar", "xz"];

    public static Command Create(Terminal terminal, IProcessRunner runner)
    {
        var release = new Option<string?>("--kernel", "-k") { Description = "Release of the target kernel", HelpName = "RELEASE" };
        var source = new Option<string?>("--source", "-s") { Description = "Kernel source, or the tree the kernel was built in", HelpName = "PATH" };
        var headers = new Option<string?>("--headers") { Description = "The kernel's build directory", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON to standard output" };
        var compiler = CompilerOption.Create();
        var command = new Command(
            "doctor", "Say what is missing on this host and how to install it") { release, source, headers, compiler, json };
        var doctor = new DoctorCommand(terminal, runner);
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new TargetKernelOptions
            {
                Release = result.GetValue(release),
                SourcePath = result.GetValue(source),
                HeadersPath = result.GetValue(headers),
                Compiler = CompilerOption.Command(result.GetValue(compiler)),
                Llvm = CompilerOption.Llvm,
            };
            return (int)await doctor.RunAsync(options, result.GetValue(json), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private async Task<ExitCode> RunAsync(TargetKernelOptions options, bool json, CancellationToken cancellationToken)
    {
        var items = new List<DoctorItemJson>();
        var diagnostics = new DiagnosticBag();
        var target = await TargetKernelFinder.FindAsync(options, runner, diagnostics, cancellationToken).ConfigureAwait(false);
        items.Add(target is null
            ? new DoctorItemJson("kernel", false, "build", "the target kernel's parts are not complete, see below", string.Empty)
            : new DoctorItemJson(
                "kernel", true, "build", $"{target.Release}, source {target.SourceVersion}, {target.Compiler}", string.Empty));
        if (target is not null)
        {
            items.Add(new DoctorItemJson("compiler", true, "build", $"{target.CompilerCommand}: {target.CompilerText}", string.Empty));
        }

        foreach (var diagnostic in diagnostics.Where(static item => item.IsFatal))
        {
            items.Add(new DoctorItemJson(diagnostic.Id, false, "build", diagnostic.Text, diagnostic.Remedy));
        }

        // Without a target any emulator serves whose machine is known.
        var emulators = target is null
            ? Architectures.All.Select(static known => known.Guest.Program)
            : [target.Architecture.Guest.Program];
        var host = KernelDistributions.Detect();
        foreach (var (program, neededFor) in BuildPrograms.Select(static program => (program, "build"))
            .Concat(emulators.Append("busybox").Select(static program => (program, "verify"))))
        {
            var path = InPath(program);
            var command = path is null ? host.InstallCommand(program) : null;
            items.Add(new DoctorItemJson(program, path is not null, neededFor, path ?? "not in PATH", command ?? string.Empty));
        }

        var data = new DoctorJson(
            items.All(static item => item.Present || item.NeededFor != "build"),
            items.All(static item => item.Present),
            target?.Release,
            items);
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(data, CliJsonContext.Readable.DoctorJson));
        }
        else
        {
            Print(data);
        }

        return data.CanBuild ? ExitCode.Done : ExitCode.Error;
    }

    private static string? InPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static string Cell(string text) => Markup.Escape(PrintableText.OfLine(text));

    private void Print(DoctorJson data)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(OutputWriter.Raw(terminal.Out)) });
        if (terminal.IsInteractive && console.Profile.Width >= Terminal.LeastWidth)
        {
            var table = new Table().AddColumns("", "what", "for", "detail", "install with");
            foreach (var item in data.Items)
            {
                table.AddRow(
                    item.Present ? "[green]ok[/]" : "[red]missing[/]",
                    Cell(item.Name),
                    item.NeededFor,
                    Cell(item.Detail),
                    Cell(item.Command));
            }

            console.Write(table);
        }
        else
        {
            foreach (var item in data.Items)
            {
                terminal.Out.WriteLine(
                    $"{(item.Present ? "ok     " : "missing")} {item.Name} ({item.NeededFor}): "
                        + $"{item.Detail}{(item.Command.Length > 0 ? $"; run: {item.Command}" : string.Empty)}");
            }
        }

        terminal.Out.WriteLine(data.CanBuild
            ? data.CanVerify ? "This host can build and verify livepatches." : "This host can build livepatches, but not verify them."
            : "This host cannot build livepatches yet.");
    }
}

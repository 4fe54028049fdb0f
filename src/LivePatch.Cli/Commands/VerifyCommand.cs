using System.CommandLine;
using System.Text.Json;
using LivePatch.Boot;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Elf;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Verify;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build verify: boots the target kernel and tries the module there.</summary>
internal sealed class VerifyCommand
{
    private readonly Argument<string> _module = new("MODULE.ko") { Description = "The livepatch module" };
    private readonly Option<string?> _release = new("--kernel", "-k") { Description = "Release of the kernel to boot (default: the one the module is for)", HelpName = "RELEASE" };
    private readonly Option<string?> _source = new("--source", "-s") { Description = "The tree the kernel was built in, for its image and modules", HelpName = "DIR" };
    private readonly Option<string?> _headers = new("--headers") { Description = "The build directory of that tree (O=)", HelpName = "DIR" };
    private readonly Option<string?> _image = new("--image") { Description = "The image to boot", HelpName = "FILE" };
    private readonly Option<string?> _modules = new("--modules") { Description = "Directory of the kernel's modules", HelpName = "DIR" };
    private readonly Option<string?> _before = new("--before") { Description = "Shell script that must succeed without the patch", HelpName = "FILE" };
    private readonly Option<string?> _after = new("--after") { Description = "Shell script that must succeed with the patch", HelpName = "FILE" };
    private readonly Option<string?> _log = new("--log") { Description = "Where the kernel log goes (default: beside the module)", HelpName = "FILE" };
    private readonly Option<int?> _timeout = new("--timeout") { Description = "Limit for the whole run in seconds (default: 600)", HelpName = "SECONDS" };
    private readonly Option<string> _order = new("--order") { Description = "When patched modules are loaded: before, after, never, reload (after, then unloaded and loaded again) or all of these in one boot", HelpName = "WHEN", DefaultValueFactory = static _ => "before" };
    private readonly Option<string[]> _moduleFiles = new("--module") { Description = "File of a patched out-of-tree module, or of one it depends on; may be given several times", HelpName = "FILE.ko" };
    private readonly Option<string[]> _extraModules = new("--extra-module") { Description = "Another module to load first; may be given several times", HelpName = "NAME" };
    private readonly Option<string[]> _extraFiles = new("--extra-file") { Description = "A file for the check scripts, HOST:GUEST; may be given several times", HelpName = "PATHS" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the result as JSON", HelpName = "FILE" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Say only what went wrong" };
    private readonly Terminal _terminal;
    private readonly IProcessRunner _runner;

    private VerifyCommand(Terminal terminal, IProcessRunner runner)
    {
        _terminal = terminal;
        _runner = runner;
        _order.AcceptOnlyFromAmong("before", "after", "never", "reload", "all");
    }

    public static Command Create(Terminal terminal, IProcessRunner runner)
    {
        var verify = new VerifyCommand(terminal, runner);
        var command = new Command("verify", "Load the module in its booted kernel and check what it does")
        {
            verify._module, verify._release, verify._source, verify._headers, verify._image, verify._modules, verify._before, verify._after, verify._log, verify._timeout, verify._order,
            verify._moduleFiles, verify._extraModules, verify._extraFiles, verify._json, verify._quiet,
        };
        command.SetAction(async (result, cancellationToken) => (int)await verify.RunAsync(result, cancellationToken).ConfigureAwait(false));
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            TemporaryPlace.Check();
            var request = Request(result);
            List<string?> inputs =
            [
                request.ModulePath, request.KernelImage, request.BeforeScript, request.AfterScript, .. request.ModuleFiles, .. request.ExtraFiles.Select(static file => file.HostPath),
            ];
            OutputPlace.CheckLog(request.LogPath, inputs);
            OutputPlace.CheckJson(result.GetValue(_json), [.. inputs, request.LogPath]);
            var verbosity = result.GetValue(_quiet) ? Verbosity.Quiet : Verbosity.Normal;
            using var log = BuildLog.Open(CacheDirectory.DefaultRoot, "verify", _terminal.Error, verbosity, _terminal.IsInteractive);
            var verified = await log.RunAsync("booting", () => BootVerifier.VerifyAsync(request, _runner, log, cancellationToken)).ConfigureAwait(false);
            Print(verified, verbosity);
            if (result.GetValue(_json) is { } json)
            {
                var data = new VerifyJson(
                    verified.Passed, verified.LogPath ?? request.LogPath, Math.Round(verified.Elapsed.TotalSeconds, 3), verified.Before?.Output, verified.After?.Output, [.. verified.Diagnostics.Select(DiagnosticJson.From)]);
                OutputPlace.WriteJson(json, JsonSerializer.Serialize(data, CliJsonContext.Readable.VerifyJson) + "\n");
            }

            return verified.Passed ? ExitCode.Done : ExitCode.Error;
        }
        catch (DiagnosticException failure)
        {
            DiagnosticRenderer.Write(_terminal.Error, failure.Diagnostics, Verbosity.Normal, _terminal.IsInteractive);
            return ExitCode.Error;
        }
    }

    private BootVerifyRequest Request(ParseResult result)
    {
        var module = result.GetRequiredValue(_module);
        using var elf = ElfObject.Read(module);
        var installed = KernelDistributions.Detect();
        var tree = TargetKernelFinder.FindTree(
            new TargetKernelOptions { Release = result.GetValue(_release), SourcePath = result.GetValue(_source), HeadersPath = result.GetValue(_headers) }, installed);
        IKernelDistribution distribution = tree is null ? installed : new BuiltTreeDistribution(tree, result.GetValue(_modules));
        var release = result.GetValue(_release) ?? tree?.Release ?? ModuleFacts.Read(elf).Release
            ?? throw new DiagnosticException(Module.ModuleDiagnostics.NotLivepatch.At(module, "It has no vermagic, so it does not say which kernel it is for."));
        var image = result.GetValue(_image) ?? distribution.FindBootImage(release)
            ?? throw new DiagnosticException(CliDiagnostics.HostIncomplete.Anywhere(
                $"The image of kernel {release} is not installed.", distribution.HowToInstall(KernelPart.Image, release)));
        var order = result.GetValue(_order) switch
        {
            "after" => TargetLoadOrder.After,
            "never" => TargetLoadOrder.Never,
            "reload" => TargetLoadOrder.Reload,
            "all" => TargetLoadOrder.All,
            _ => TargetLoadOrder.Before,
        };
        var request = new BootVerifyRequest
        {
            ModulePath = module,
            KernelRelease = release,
            KernelImage = image,
            Host = installed,
            ModulesDirectory = result.GetValue(_modules) ?? distribution.FindModules(release) ?? $"/lib/modules/{release}",
            LogPath = result.GetValue(_log) ?? Path.ChangeExtension(Path.GetFullPath(module), ".verify.log"),
            BeforeScript = Script(result.GetValue(_before)),
            AfterScript = Script(result.GetValue(_after)),
            LoadOrder = order,
            ModuleFiles = result.GetValue(_moduleFiles) ?? [],
            ExtraModules = result.GetValue(_extraModules) ?? [],
            ExtraFiles = [.. (result.GetValue(_extraFiles) ?? []).Select(ExtraFile)],
        };
        return result.GetValue(_timeout) is > 0 and var seconds ? request with { OverallTimeout = TimeSpan.FromSeconds(seconds) } : request;
    }

    private static string? Script(string? path)
    {
        if (path is not null && !File.Exists(path))
        {
            throw new DiagnosticException(CliDiagnostics.ScriptMissing.At(path, "There is no such file."));
        }

        return path;
    }

    private static ExtraFile ExtraFile(string pair)
    {
        var colon = pair.LastIndexOf(':');
        if (colon <= 0)
        {
            throw new DiagnosticException(CliDiagnostics.Usage.Anywhere($"--extra-file {pair} is not HOST:GUEST."));
        }

        var host = pair[..colon];
        var executable = File.Exists(host) && (File.GetUnixFileMode(host) & UnixFileMode.UserExecute) != 0;
        return new ExtraFile(host, pair[(colon + 1)..], executable);
    }

    private void Print(BootVerifyResult verified, Verbosity verbosity)
    {
        PrintCheck("before", verified.Before);
        PrintCheck("after", verified.After);
        PrintCheck("reloaded", verified.Reloaded);
        PrintCheck("restored", verified.Restored);
        DiagnosticRenderer.Write(_terminal.Error, verified.Diagnostics, verbosity, _terminal.IsInteractive);
        if (verified.Passed && verbosity >= Verbosity.Normal)
        {
            _terminal.Out.WriteLine(FormattableString.Invariant($"verified in {verified.Elapsed.TotalSeconds:F1} s: loaded, in force, disabled and unloaded without a complaint of the kernel"));
        }

        if (!verified.Passed && verified.LogPath is not null)
        {
            _terminal.Error.WriteLine($"kernel log: {verified.LogPath}");
        }
    }

    private void PrintCheck(string name, CheckResult? check)
    {
        foreach (var line in check?.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            _terminal.Out.WriteLine($"{name}: {line}");
        }
    }
}

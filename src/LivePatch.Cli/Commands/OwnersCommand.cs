using System.CommandLine;
using System.Text.Json;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build owners: which objects a source becomes, and whether they are linked into vmlinux or which modules.</summary>
internal sealed class OwnersCommand(Terminal terminal, IProcessRunner runner)
{
    public static Command Create(Terminal terminal, IProcessRunner runner)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Sources or objects, from the top of the kernel's source", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every object of the configuration" };
        var release = new Option<string?>("--kernel", "-k") { Description = "Release of the target kernel", HelpName = "RELEASE" };
        var source = new Option<string?>("--source", "-s") { Description = "Kernel source, or the tree the kernel was built in", HelpName = "PATH" };
        var config = new Option<string?>("--config", "-c") { Description = "The kernel's configuration", HelpName = "FILE" };
        var headers = new Option<string?>("--headers") { Description = "The kernel's build directory", HelpName = "DIR" };
        var cache = new Option<string?>("--cache") { Description = "Where work trees are kept (default: $XDG_CACHE_HOME/klp-build)", HelpName = "DIR" };
        var jobs = new Option<int?>("--jobs", "-j") { Description = "Directories asked for at a time (default: one per processor)", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON to standard output" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say only what went wrong" };
        var compiler = CompilerOption.Create();
        var command = new Command("owners", "Say what sources are compiled into and linked into, or why they are not built")
        {
            paths, all, release, source, config, headers, cache, jobs, compiler, json, quiet,
        };
        var owners = new OwnersCommand(terminal, runner);
        command.SetAction(async (result, cancellationToken) =>
        {
            var options = new TargetKernelOptions
            {
                Release = result.GetValue(release),
                SourcePath = result.GetValue(source),
                ConfigPath = result.GetValue(config),
                HeadersPath = result.GetValue(headers),
                Compiler = CompilerOption.Command(result.GetValue(compiler)),
                Llvm = CompilerOption.Llvm,
            };
            var wanted = result.GetValue(paths) ?? [];
            if (wanted.Length > 0 == result.GetValue(all))
            {
                throw new DiagnosticException(CliDiagnostics.Usage.Anywhere(wanted.Length > 0 ? "Paths and --all exclude each other." : "No path is given."));
            }

            return (int)await owners.RunAsync(
                options,
                wanted,
                CachePath.Of(result.GetValue(cache)),
                result.GetValue(jobs) is > 0 and var count ? count : Environment.ProcessorCount,
                result.GetValue(json),
                result.GetValue(quiet) ? Verbosity.Quiet : Verbosity.Normal,
                cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private async Task<ExitCode> RunAsync(
        TargetKernelOptions options, string[] paths, string cache, int jobs, bool json, Verbosity verbosity, CancellationToken cancellationToken)
    {
        TemporaryPlace.Check();
        using var log = BuildLog.Open(cache, "owners", terminal.Error, verbosity, terminal.IsInteractive);
        var diagnostics = new DiagnosticBag();
        if (await TargetKernelFinder.FindAsync(options, runner, diagnostics, cancellationToken).ConfigureAwait(false) is not { } target)
        {
            throw new DiagnosticException(diagnostics);
        }

        var files = await log.RunAsync("starting", async () =>
        {
            var tree = await new WorkTreePreparer(runner, log).PrepareAsync(WorkTreeInputs.For(target), new CacheDirectory(cache), cancellationToken).ConfigureAwait(false);
            using var database = new CompileDatabase(tree, runner, log);
            return paths.Length == 0
                ? [.. (await database.AllAsync(jobs, cancellationToken).ConfigureAwait(false)).Select(static item => new BuiltSource(item.Path, [item], null))]
                : await FindAsync(new OwnerFinder(tree, database), paths, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (json)
        {
            var data = new OwnersJson(
                target.Release, [.. files.Select(static file => new OwnedFileJson(file.Path, [.. file.Objects.Select(OwnedObjectJson.From)], file.Reason))]);
            terminal.Out.WriteLine(JsonSerializer.Serialize(data, CliJsonContext.Readable.OwnersJson));
        }
        else
        {
            Print(files);
        }

        return files.All(static file => file.Reason is null) ? ExitCode.Done : ExitCode.Error;
    }

    private static async Task<List<BuiltSource>> FindAsync(OwnerFinder finder, string[] paths, CancellationToken cancellationToken)
    {
        var found = new List<BuiltSource>();
        foreach (var path in paths)
        {
            found.Add(await finder.FindAsync(path, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    private void Print(IReadOnlyList<BuiltSource> files)
    {
        foreach (var file in files)
        {
            foreach (var item in file.Objects)
            {
                var owners = item.Owners.Count == 0 ? "part of neither vmlinux nor a module" : string.Join(", ", item.Owners);
                terminal.Out.WriteLine($"{(file.Path == item.Path ? string.Empty : file.Path + ": ")}{item.Path}: {owners}{(item.IsLibrary ? " (through lib.a)" : string.Empty)}");
            }

            if (file.Reason is { } reason)
            {
                terminal.Out.WriteLine($"{file.Path}: not built: {reason}");
            }
        }
    }
}

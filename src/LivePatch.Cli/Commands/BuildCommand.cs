using System.CommandLine;
using System.Text.Json;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Kbuild;
using LivePatch.Module.Emit;
using LivePatch.Pipeline;
using LivePatch.Pipeline.OutOfTree;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build PATCH...: builds a livepatch module.</summary>
internal sealed class BuildCommand
{
    private readonly Argument<string[]> _patches = new("PATCH") { Description = "Patch files, applied in this order; - is standard input", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _release = new("--kernel", "-k") { Description = "Release of the target kernel (default: the running one, or the only one with headers)", HelpName = "RELEASE" };
    private readonly Option<string?> _source = new("--source", "-s") { Description = "Kernel source: a directory or .tar.xz; or the tree the kernel was built in", HelpName = "PATH" };
    private readonly Option<string?> _config = new("--config", "-c") { Description = "The kernel's configuration", HelpName = "FILE" };
    private readonly Option<string?> _headers = new("--headers") { Description = "The kernel's build directory", HelpName = "DIR" };
    private readonly Option<string?> _image = new("--image") { Description = "The kernel image: vmlinuz or vmlinux", HelpName = "FILE" };
    private readonly Option<string?> _modules = new("--modules") { Description = "Directory of the kernel's modules", HelpName = "DIR" };
    private readonly Option<string?> _moduleSource = new("--module-source") { Description = "Source of a module built outside the kernel tree; the patch is relative to it", HelpName = "DIR" };
    private readonly Option<string[]> _moduleFiles = new("--module") { Description = "The patched out-of-tree module as the target loads it; again for each other one it depends on", HelpName = "FILE.ko" };
    private readonly Option<string[]> _makeArguments = new("--make-args") { Description = "What make needs to build the out-of-tree module, e.g. \"CONFIG_FOO=m\"; may be given several times", HelpName = "ARGS" };
    private readonly Option<string?> _name = new("--name", "-n") { Description = "Name of the module (default: livepatch- and the patch's name)", HelpName = "NAME" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Directory for the module and its sources, or a file ending in .ko", HelpName = "PATH" };
    private readonly Option<int?> _jobs = new("--jobs", "-j") { Description = "Compilers to run at a time (default: one per processor)", HelpName = "N" };
    private readonly Option<bool> _noReplace = new("--no-replace", "-R") { Description = "Do not replace earlier livepatches" };
    private readonly Option<string?> _cache = new("--cache") { Description = "Where work trees are kept (default: $XDG_CACHE_HOME/klp-build)", HelpName = "DIR" };
    private readonly Option<bool> _keepTemp = new("--keep-temp") { Description = "Keep the run's temporary directory" };
    private readonly Option<int?> _maxObjects = new("--max-objects") { Description = "How many objects a changed header may reach (default: 500)", HelpName = "N" };
    private readonly Option<string[]> _allowLayout = AuthorsWordOptions.AllowLayoutChange();
    private readonly Option<string[]> _allowPrototype = AuthorsWordOptions.AllowPrototypeChange();
    private readonly Option<string[]> _pairs = AuthorsWordOptions.Pair();
    private readonly Option<string?> _compiler = CompilerOption.Create();
    private readonly Option<bool> _skipCompiler = new("--skip-compiler-check") { Description = "Go on with another compiler than the kernel's" };
    private readonly Option<string?> _proof = new("--proof") { Description = "Keep the objects the module is proved with, for 'inspect --proof'; say what was proved", HelpName = "DIR" };
    private readonly Option<bool> _noProof = new("--no-proof") { Description = "Do not prove that the module does what the patched objects say" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the result as JSON", HelpName = "FILE" };
    private readonly Option<bool> _explain = new("--explain") { Description = "Say why each symbol is in the module" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Say more; twice: every command", Arity = ArgumentArity.Zero, AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Say only what went wrong" };
    private readonly Terminal _terminal;
    private readonly IProcessRunner _runner;

    private BuildCommand(Terminal terminal, IProcessRunner runner)
    {
        _terminal = terminal;
        _runner = runner;
    }

    /// <summary>Gives the root command the build's options and action.</summary>
    public static void AddTo(RootCommand root, Terminal terminal, IProcessRunner runner)
    {
        var command = new BuildCommand(terminal, runner);
        root.Add(command._patches);
        foreach (var option in (Option[])[
            command._release, command._source, command._config, command._headers, command._image, command._modules,
            command._moduleSource, command._moduleFiles, command._makeArguments, command._name, command._output, command._jobs,
            command._noReplace, command._cache, command._keepTemp, command._maxObjects, command._allowLayout, command._allowPrototype, command._pairs,
            command._compiler, command._skipCompiler, command._proof, command._noProof, command._json, command._explain, command._verbose, command._quiet])
        {
            root.Add(option);
        }

        root.SetAction(async (result, cancellationToken) => (int)await command.RunAsync(result, cancellationToken).ConfigureAwait(false));
    }

    private async Task<ExitCode> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var patches = result.GetValue(_patches) ?? [];
        if (patches.Length == 0)
        {
            DiagnosticRenderer.Write(_terminal.Error, [CliDiagnostics.Usage.Anywhere("No patch is given.")], Verbosity.Normal, _terminal.IsInteractive);
            return ExitCode.Error;
        }

        if (patches.FirstOrDefault(static patch => patch.Length > 1 && patch[0] == '-' && !File.Exists(patch)) is { } unknown)
        {
            DiagnosticRenderer.Write(_terminal.Error, [CliDiagnostics.Usage.Anywhere($"{unknown} is neither an option nor a patch.")], Verbosity.Normal, _terminal.IsInteractive);
            return ExitCode.Error;
        }

        var verbosity = result.GetValue(_quiet) ? Verbosity.Quiet
            : (result.GetResult(_verbose)?.IdentifierTokenCount ?? 0) switch { 0 => Verbosity.Normal, 1 => Verbosity.Verbose, _ => Verbosity.Debug };
        TemporaryPlace.Check();
        using var input = StandardInputPatch.Take(ref patches);
        var options = Options(result, patches);
        CheckOutputs(options, result.GetValue(_json));
        using var log = BuildLog.Open(options.Cache, options.Name ?? ModuleNameRules.FromPatches(patches), _terminal.Error, verbosity, _terminal.IsInteractive);
        using var built = await log.RunAsync(
            "starting", () => InternalErrors.GuardAsync(() => new PatchBuildPipeline(_runner, log).RunAsync(options, cancellationToken), log)).ConfigureAwait(false);

        var exitCode = built.Outcome switch
        {
            PatchBuildOutcome.Built => ExitCode.Done,
            PatchBuildOutcome.NoChange => ExitCode.NoChange,
            PatchBuildOutcome.Refused => ExitCode.NotLivepatchable,
            _ => ExitCode.Error,
        };
        if (result.GetValue(_json) is { } json)
        {
            OutputPlace.WriteJson(json, JsonSerializer.Serialize(BuildJson.From(built, exitCode, result.GetValue(_explain)), CliJsonContext.Readable.BuildJson) + "\n");
        }

        Print(built, verbosity, result.GetValue(_explain), result.GetValue(_proof) is not null, log.FilePath);
        return exitCode;
    }

    /// <summary>What is named by the user is checked before anything is written, the log included.</summary>
    private static void CheckOutputs(PatchBuildOptions options, string? json)
    {
        var name = options.Name ?? ModuleNameRules.FromPatches(options.Patches);
        if (ModuleNameRules.Objection(name) is { } objection)
        {
            throw new DiagnosticException(BuildDiagnostics.BadName.Anywhere($"'{name}' {objection}."));
        }

        List<string?> inputs = [.. options.Patches, options.Source, options.Config, options.Headers, options.Image, options.Modules, .. options.OutOfTree?.ModuleFiles ?? [], options.OutOfTree?.SourceDirectory];
        OutputPlace.CheckModule(options.Output, name, inputs);
        OutputPlace.CheckJson(json, [.. inputs, Path.Combine(options.Output, name + ".ko")]);
    }

    private PatchBuildOptions Options(ParseResult result, string[] patches)
    {
        var output = result.GetValue(_output) ?? ".";
        var name = result.GetValue(_name);
        if (output.EndsWith(".ko", StringComparison.Ordinal))
        {
            name ??= Path.GetFileNameWithoutExtension(output);
            output = Path.GetDirectoryName(output) is { Length: > 0 } directory ? directory : ".";
        }

        return new PatchBuildOptions
        {
            Patches = patches,
            Release = result.GetValue(_release),
            Source = result.GetValue(_source),
            Config = result.GetValue(_config),
            Headers = result.GetValue(_headers),
            Image = result.GetValue(_image),
            Modules = result.GetValue(_modules),
            OutOfTree = OutOfTree(result),
            Name = name,
            Output = output,
            Jobs = result.GetValue(_jobs) is > 0 and var jobs ? jobs : Environment.ProcessorCount,
            Replace = !result.GetValue(_noReplace),
            Cache = CachePath.Of(result.GetValue(_cache)),
            KeepTemp = result.GetValue(_keepTemp),
            MaxObjects = result.GetValue(_maxObjects) is >= 0 and var most ? most : PatchBuildOptions.DefaultMaxObjects,
            AllowedLayoutChanges = result.GetValue(_allowLayout) ?? [],
            AllowedPrototypeChanges = result.GetValue(_allowPrototype) ?? [],
            Pairs = AuthorsWordOptions.PairsOf(result, _pairs),
            Compiler = CompilerOption.Command(result.GetValue(_compiler)),
            Llvm = CompilerOption.Llvm,
            SkipCompilerCheck = result.GetValue(_skipCompiler),
            ProofDirectory = result.GetValue(_proof),
            SkipProof = result.GetValue(_noProof),
        };
    }

    private OutOfTreeOptions? OutOfTree(ParseResult result)
    {
        var source = result.GetValue(_moduleSource);
        var modules = result.GetValue(_moduleFiles) ?? [];
        var arguments = result.GetValue(_makeArguments) ?? [];
        if (source is null && modules.Length + arguments.Length == 0)
        {
            return null;
        }

        if (source is null || modules.Length == 0)
        {
            throw new DiagnosticException(CliDiagnostics.Usage.Anywhere(
                $"An out-of-tree module needs both --module-source DIR and --module FILE.ko; {(source is null ? "--module-source" : "--module")} is missing."));
        }

        return new OutOfTreeOptions(source, modules, [.. arguments.SelectMany(MakeArgumentList.Split)]);
    }

    private void Print(PatchBuildResult built, Verbosity verbosity, bool explain, bool proofAsked, string log)
    {
        DiagnosticRenderer.Write(_terminal.Error, built.Diagnostics, built.Outcome == PatchBuildOutcome.NoChange && verbosity == Verbosity.Normal ? Verbosity.Verbose : verbosity, _terminal.IsInteractive);
        if (explain)
        {
            foreach (var part in built.Parts)
            {
                ExplanationText.Write(_terminal.Out, part.Diff);
            }
        }

        if (verbosity >= Verbosity.Normal)
        {
            foreach (var part in built.Parts)
            {
                // Of an object in several modules it must be said which one is meant.
                var place = built.Parts.Count(item => item.Path == part.Path) > 1 ? $"{part.Path} ({part.Owner.Name})" : part.Path;
                foreach (var name in part.Diff.Changed)
                {
                    _terminal.Out.WriteLine($"{place}: changed function: {name}");
                }

                foreach (var name in part.Diff.New)
                {
                    _terminal.Out.WriteLine($"{place}: new function: {name}");
                }
            }
        }

        if (verbosity >= Verbosity.Verbose)
        {
            _terminal.Error.WriteLine($"seconds: {string.Join(", ", built.Timings.Select(static timing => FormattableString.Invariant($"{timing.Stage} {timing.Seconds:F2}")))}");
        }

        if (built.Proof is { } proof && (proofAsked || verbosity >= Verbosity.Verbose))
        {
            ProofText.Write(_terminal.Out, proof);
        }

        if (built.ModulePath is not null && verbosity >= Verbosity.Normal)
        {
            _terminal.Out.WriteLine($"built {built.ModulePath} for {built.Release}");
        }

        if (built.KeptDirectory is { } kept)
        {
            _terminal.Error.WriteLine($"temporary files: {kept}");
        }

        if ((built.Outcome == PatchBuildOutcome.Failed || verbosity >= Verbosity.Verbose) && File.Exists(log))
        {
            _terminal.Error.WriteLine($"build log: {log}");
        }
    }
}

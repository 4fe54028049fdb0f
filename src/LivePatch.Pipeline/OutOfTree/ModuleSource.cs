using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Emit;
using LivePatch.Module.Target;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>The source of modules built outside the kernel tree. The modules given say which kernel they are of.</summary>
internal sealed class ModuleSource : ISourceUnderPatch
{
    private readonly BuildRun _run;
    private readonly string _directory;
    private readonly MakeArgumentList _arguments;
    private readonly IReadOnlyList<GivenModule> _modules;

    private ModuleSource(BuildRun run, OutOfTreeOptions options, MakeArgumentList arguments, IReadOnlyList<GivenModule> modules)
    {
        _run = run;
        _directory = Path.GetFullPath(options.SourceDirectory).TrimEnd('/');
        _arguments = arguments;
        _modules = modules;
        Additional = GivenModule.Additional(options, modules, arguments);
    }

    /// <inheritdoc/>
    public TargetKernelOptions Target => _run.Options.Target() with
    {
        Release = _modules[0].Release,
        Compiler = _run.Options.Compiler ?? _arguments.Compiler,
        Llvm = _run.Options.Llvm ?? _arguments.Llvm,
        WithoutSource = true,
    };

    /// <inheritdoc/>
    public AdditionalModules Additional { get; }

    /// <summary>Reads what the modules say of themselves.</summary>
    /// <exception cref="DiagnosticException">One is no module or of another kernel, has the livepatch's name, or a make argument cannot
    /// be used
    /// (LP0361, LP0367, LP0368, LP0383).</exception>
    public static ModuleSource Open(BuildRun run, OutOfTreeOptions options)
    {
        var arguments = MakeArgumentList.Sort(options.MakeArguments, Environment.GetEnvironmentVariable("KBUILD_EXTRA_SYMBOLS"));
        var modules = GivenModule.TryRead(options.ModuleFiles, run.Options.Release, run.Diagnostics) ?? throw run.Failure();
        return modules.FirstOrDefault(module => ModuleNameRules.IsSame(module.Name, run.ModuleName)) is { } same
            ? throw new DiagnosticException(BuildDiagnostics.NameTaken.Anywhere($"{run.ModuleName} is the name of {same.Path}."))
            : new ModuleSource(run, options, arguments, modules);
    }

    /// <inheritdoc/>
    public Task<ISourceTree> PrepareAsync(TargetKernel target, CacheDirectory cache, string temporary, CancellationToken cancellationToken)
    {
        _run.Progress.Stage("copying the module's source");
        var tree = new WorkTree(WorkTreeInputs.For(target), Path.Combine(temporary, "module-source"));
        ModuleSourceCopy.Make(_directory, tree.Root);
        var ownership = new ModuleOwnership(_modules, target.Architecture);
        return Task.FromResult<ISourceTree>(
            new ModuleTree(_run, tree, new ModuleSourceCompiler(tree, _directory, _arguments, ownership, _run.Runner, _run.Progress)));
    }
}

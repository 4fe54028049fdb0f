using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>
/// Compiles objects of an out-of-tree module as "make -C KERNEL M=DIRECTORY" does, in a copy of the directory.
///
/// The first compile of an object is Kbuild's own, which leaves its command; that is replayed for the other forms. The command
/// runs in the kernel's build directory and names the source by absolute paths, so for the patched source the copy's path is
/// replaced by the patched copy's. Paths that end up in the object (__FILE__) are mapped to the user's directory in both,
/// else every warning's file name would count as a change.
///
/// Single objects are asked of Kbuild first. Where that fails (a Makefile that generates files before it descends, or
/// an object its directory's makefile does not know alone) the whole module is built, which is what its author tests.
/// </summary>
/// <param name="tree">The copy, and the toolchain.</param>
/// <param name="source">The user's directory.</param>
/// <param name="arguments">What make is told.</param>
/// <param name="check">Tells whether an object is one of the modules given.</param>
/// <param name="runner">Starts make and the compiler.</param>
/// <param name="progress">Is told of each compile.</param>
internal sealed class ModuleSourceCompiler(
    WorkTree tree, string source, MakeArgumentList arguments, ModuleOwnership check, IProcessRunner runner, IBuildProgress progress)
    : IObjectCompiler, IDisposable
{
    private const string MakeArgumentsRemedy =
        "Check that the module builds with the same make arguments (--make-args) in its own directory.";
    private readonly SemaphoreSlim _make = new(1);
    private string? _wholeBuild;

    /// <inheritdoc/>
    public string Root => tree.Root;

    /// <inheritdoc/>
    public async Task<CompiledObject> OriginalAsync(string objectPath, CancellationToken cancellationToken)
    {
        var original =
            await BareAsync(await CompileOriginalAsync(objectPath, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
        ObjectProducer.Check(original.File, objectPath, tree.Inputs.Toolchain);
        check.CheckOwner(original);
        check.CheckCode(original, await ShippedAsync(original, cancellationToken).ConfigureAwait(false));
        return original;
    }

    /// <inheritdoc/>
    public void Dispose() => _make.Dispose();

    private async Task<CompiledObject> CompileOriginalAsync(string objectPath, CancellationToken cancellationToken)
    {
        // make has its own idea of parallel work in one directory.
        await _make.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            progress.Stage($"compiling {objectPath} as it is");
            var output = await MakeAsync(objectPath, cancellationToken).ConfigureAwait(false);
            if (TryFind(objectPath) is { Command.IsModule: true } single)
            {
                return single;
            }

            _wholeBuild ??= await MakeAsync("modules", cancellationToken).ConfigureAwait(false);
            return TryFind(objectPath) ?? throw new DiagnosticException(Explain(objectPath, output));
        }
        finally
        {
            _make.Release();
        }
    }

    /// <summary>The objects of the module that read one of some headers: after the module is built as a whole their .cmd files list what
    /// each was made from.</summary>
    /// <param name="headers">Paths in the module's directory.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">The module does not build (LP0322).</exception>
    public async Task<IReadOnlyList<string>> ObjectsIncludingAsync(IReadOnlyCollection<string> headers, CancellationToken cancellationToken)
    {
        progress.Stage("building the module as it is, to see what includes the changed headers");
        await _make.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _wholeBuild ??= await MakeAsync("modules", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _make.Release();
        }

        // Symbols that are missing in the end are no matter here.
        if (_wholeBuild.Contains(" error: ", StringComparison.Ordinal) || _wholeBuild.Contains("fatal error: ", StringComparison.Ordinal)
            || _wholeBuild.Contains("No rule to make target", StringComparison.Ordinal))
        {
            throw new DiagnosticException(
                BuildDiagnostics.OriginalFails.At(headers.First(), CompilerMessages.Select(_wholeBuild), MakeArgumentsRemedy));
        }

        var wanted = headers.ToHashSet(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(tree.Root, ".*.o.cmd", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            var path = Path.GetRelativePath(tree.Root, Path.Combine(Path.GetDirectoryName(file)!, name[1..^".cmd".Length]));
            var words = File.ReadAllText(file).Split([' ', '\n', '\t', '\\', ')'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Contains("-DMODULE") && !path.EndsWith(".mod.o", StringComparison.Ordinal)
                && words.Any(
                    word =>
                        word.StartsWith('/')
                            ? wanted.Contains(TreePath.FromCommand(word, tree.Root))
                            : wanted.Contains(TreePath.Combine(string.Empty, word))))
            {
                found.Add(path);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public Task MakeOriginalsAsync(IReadOnlyList<string> objectPaths, int jobs, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<CompiledObject>> NewAsync(
        IReadOnlyList<string> objectPaths, string overlayRoot, int jobs, CancellationToken cancellationToken) =>
        objectPaths.Count == 0
            ? Task.FromResult<IReadOnlyList<CompiledObject>>([])
            : throw new InvalidOperationException("added sources are refused before anything is compiled");

    /// <inheritdoc/>
    public async Task<CompiledObject> ShippedAsync(CompiledObject original, CancellationToken cancellationToken)
    {
        var file = Path.ChangeExtension(original.File, ".shipped.o");
        var command = original.Command.Without(KbuildSettings.SectionFlags).WithOutput(file);
        if (!File.Exists(file))
        {
            await ReplayAsync(command.Text, tree.Root, original, file, BuildDiagnostics.OriginalFails, cancellationToken)
                .ConfigureAwait(false);
        }

        return original with { File = file, Command = command };
    }

    /// <inheritdoc/>
    public async Task<CompiledObject> PatchedAsync(CompiledObject original, string overlayRoot, CancellationToken cancellationToken)
    {
        var file = Path.Combine(overlayRoot, original.Path);
        var text = original.Command.Text.Replace(tree.Root + "/", overlayRoot + "/", StringComparison.Ordinal);
        text =
            text.Replace(MapOf(tree.Root), MapOf(overlayRoot), StringComparison.Ordinal)
                .Replace($"-I{tree.Root} ", $"-I{overlayRoot} ", StringComparison.Ordinal);
        var output =
            await ReplayAsync(text, overlayRoot, original, file, BuildDiagnostics.PatchedFails, cancellationToken).ConfigureAwait(false);
        return original with { File = file, Warnings = CompilerMessages.Warnings(output) };
    }

    private string MapOf(string root) => $"-fmacro-prefix-map={root}={source}";

    private CompiledObject? TryFind(string objectPath)
    {
        var file = Path.Combine(tree.Root, objectPath);
        var recorded = Path.Combine(tree.Root, CompileCommand.FileFor(objectPath));
        if (!File.Exists(file) || !File.Exists(recorded))
        {
            return null;
        }

        // External modules' objects are recorded by absolute path up to 6.12, and relative to the directory since 6.13.
        var content = File.ReadAllText(recorded);
        var command = CompileCommand.TryParse(file, content) ?? CompileCommand.TryParse(objectPath, content);
        return command is null ? null : new CompiledObject(objectPath, file, command.WithCompiler(tree.Inputs.Toolchain.Program));
    }

    /// <summary>The object without what objtool adds, where a livepatch of this kernel goes through objtool as a whole.</summary>
    private async Task<CompiledObject> BareAsync(CompiledObject made, CancellationToken cancellationToken)
    {
        var command = made.Command.WithoutLinkTimeObjtool();
        if (command == made.Command)
        {
            return made;
        }

        var file = Path.ChangeExtension(made.File, ".bare.o");
        await ReplayAsync(command.WithOutput(file).Text, tree.Root, made, file, BuildDiagnostics.OriginalFails, cancellationToken)
            .ConfigureAwait(false);
        return made with { File = file, Command = command };
    }

    private async Task<string> MakeAsync(string target, CancellationToken cancellationToken)
    {
        var flags =
            string.Join(
                ' ',
                KbuildSettings.SectionFlags.Prepend(arguments.KernelFlags).Append(MapOf(tree.Root)).Where(static flag => flag.Length > 0));
        var request = new ProcessRequest("make",
        [
            "-C", tree.Inputs.HeadersDirectory, $"M={tree.Root}", "--no-print-directory", .. tree.Inputs.Toolchain.MakeArguments,
            $"KCFLAGS={flags}",
            .. arguments.Arguments, target,
        ])
        {
            // Makefiles of modules are fond of $(PWD), which is the shell's and not make's.
            WorkingDirectory = tree.Root,
            Environment = new Dictionary<string, string?>(Toolchain.Environment) { ["PWD"] = tree.Root },
            OnLine = progress.Log,
        };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        return result.Error + result.Output;
    }

    private static Diagnostic Explain(string objectPath, string output) =>
        output.Contains("No rule to make target", StringComparison.Ordinal) && !output.Contains(" error: ", StringComparison.Ordinal)
            ? OutOfTreeDiagnostics.NotInModule.At(
                Path.ChangeExtension(objectPath, ".c"), $"Kbuild has no rule for {objectPath} in the module's directory.")
            : BuildDiagnostics.OriginalFails.At(
                Path.ChangeExtension(objectPath, ".c"), CompilerMessages.Select(output), MakeArgumentsRemedy);

    private async Task<string> ReplayAsync(
        string command,
        string root,
        CompiledObject original,
        string file,
        DiagnosticDescriptor failure,
        CancellationToken cancellationToken)
    {
        // Where the command names the object by absolute path Kbuild ran it in the kernel's build directory.
        var directory = Path.IsPathRooted(original.Command.ObjectPath) ? tree.Inputs.HeadersDirectory : root;
        var text = new CompileCommand(original.Path, command).WithCompiler(tree.Inputs.Toolchain.Command).Text;
        var request = new ProcessRequest("/bin/sh", ["-ec", text])
        {
            WorkingDirectory = directory,
            OnLine = progress.Log,
            Environment = tree.ReplayEnvironment,
        };
        progress.Log($"$ cd {directory} && {text}");
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DiagnosticException(
                failure.At(Path.ChangeExtension(original.Path, ".c"), CompilerMessages.Select(result.Error + result.Output)));
        }

        ObjectProducer.Check(file, original.Path, tree.Inputs.Toolchain);
        return result.Error + result.Output;
    }
}

using LivePatch.Build.Pipeline;
using LivePatch.Build.Trees;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;

namespace LivePatch.Build.Kbuild;

/// <summary>
/// Compiles single objects as Kbuild does.
///
/// The original object is made by Kbuild itself, in our work tree, once per kernel and path; that leaves both the object and
/// the exact command. Every other compile of the path replays that command: reading the makefiles takes longer than
/// compiling. A replay cannot differ from what Kbuild would do, because the patch is not allowed to change makefiles
/// or the configuration.
///
/// Functions and variables get sections of their own (-ffunction-sections -fdata-sections), which does not change the
/// code inside a function but for jumps between functions.
/// </summary>
public sealed partial class ObjectCompiler(WorkTree tree, IProcessRunner runner, IBuildProgress progress) : IObjectCompiler
{
    internal static readonly string[] SectionFlags = ["-ffunction-sections", "-fdata-sections"];

    /// <inheritdoc/>
    public string Root => tree.Root;

    /// <summary>The object of the unpatched source, from the cache when it is there.</summary>
    /// <exception cref="DiagnosticException">It is not built in this configuration, or does not compile.</exception>
    public async Task<CompiledObject> OriginalAsync(string objectPath, CancellationToken cancellationToken)
    {
        if (Cached(objectPath) is { } cached)
        {
            return cached;
        }

        using var held = await CacheLock.TakeAsync(
            tree.Directory, () => progress.Stage("waiting for another klp-build on this kernel"), cancellationToken).ConfigureAwait(false);
        return Cached(objectPath) ?? await MakeAsync(objectPath, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The object compiled exactly as the kernel was: all functions in one section, as in the shipped image.</summary>
    /// <exception cref="DiagnosticException">It does not compile.</exception>
    public async Task<CompiledObject> ShippedAsync(CompiledObject original, CancellationToken cancellationToken)
    {
        var output = Path.ChangeExtension(original.File, ".shipped.o");
        var command = original.Command.Without(SectionFlags);
        if (!File.Exists(output))
        {
            var temporary = $"{output}.{Environment.ProcessId}.tmp.o";
            await ReplayAsync(command.WithOutput(temporary), tree.Root, temporary, BuildDiagnostics.OriginalFails, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, output, overwrite: true);
            File.Delete(temporary + ".d");
        }

        return new CompiledObject(original.Path, output, command);
    }

    /// <summary>The object of the patched source, compiled in an overlay of the tree.</summary>
    /// <param name="original">The original, whose command is replayed.</param>
    /// <param name="overlayRoot">The patched tree.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="DiagnosticException">It does not compile (LP0323, with the compiler's messages).</exception>
    public async Task<CompiledObject> PatchedAsync(CompiledObject original, string overlayRoot, CancellationToken cancellationToken)
    {
        var file = Path.Combine(overlayRoot, original.Path);
        var output = await ReplayAsync(original.Command, overlayRoot, file, BuildDiagnostics.PatchedFails, cancellationToken).ConfigureAwait(false);
        return original with { File = file, Warnings = CompilerMessages.Warnings(output) };
    }

    private CompiledObject? Cached(string objectPath)
    {
        var file = Path.Combine(tree.Objects, objectPath);
        var recorded = file + ".cmd";
        return File.Exists(file) && File.Exists(recorded)
            ? new CompiledObject(objectPath, file, new CompileCommand(objectPath, File.ReadAllText(recorded)))
            : null;
    }

    private async Task<CompiledObject> MakeAsync(string objectPath, CancellationToken cancellationToken)
    {
        if (KbuildRules.WhyNotBuilt(tree.Root, objectPath) is { } reason)
        {
            throw new DiagnosticException(BuildDiagnostics.NotBuilt.At(Path.ChangeExtension(objectPath, ".c"), reason));
        }

        progress.Stage($"compiling {objectPath} as it is");
        Forget(objectPath);
        var result = await new KbuildMake(tree, runner, progress).RunAsync(tree.Root, [objectPath], 1, cancellationToken).ConfigureAwait(false);
        return result.Succeeded && await KeepAsync(objectPath, cancellationToken).ConfigureAwait(false) is { } kept
            ? kept
            : throw new DiagnosticException(Explain(objectPath, result));
    }

    /// <summary>Puts what Kbuild made into the cache; null when it made nothing.</summary>
    private async Task<CompiledObject?> KeepAsync(string objectPath, CancellationToken cancellationToken)
    {
        var made = Path.Combine(tree.Root, objectPath);
        var commandFile = Path.Combine(tree.Root, CompileCommand.FileFor(objectPath));
        if (!File.Exists(made) || !File.Exists(commandFile)
            || CompileCommand.TryParse(objectPath, await File.ReadAllTextAsync(commandFile, cancellationToken).ConfigureAwait(false)) is not { } command)
        {
            return null;
        }

        ObjectProducer.Check(made, objectPath, tree.Inputs.Toolchain);
        var file = Path.Combine(tree.Objects, objectPath);
        CacheDirectory.Make(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, await File.ReadAllBytesAsync(made, cancellationToken).ConfigureAwait(false));
        command = command.WithCompiler(tree.Inputs.Toolchain.Program);
        AtomicFile.WriteText(file + ".cmd", command.Text);
        return new CompiledObject(objectPath, file, command);
    }

    private static Diagnostic Explain(string objectPath, ProcessResult result)
    {
        var output = result.Error + result.Output;
        var source = Path.ChangeExtension(objectPath, ".c");
        if (KbuildMake.HasNoRule(result, objectPath))
        {
            return BuildDiagnostics.NotBuilt.At(source, $"Kbuild has no rule for {objectPath}.");
        }

        return BuildDiagnostics.OriginalFails.At(source, CompilerMessages.Select(output));
    }

    /// <summary>Runs the command, which leaves its object in a file, and gives what it printed.</summary>
    private async Task<string> ReplayAsync(CompileCommand command, string root, string file, DiagnosticDescriptor failure, CancellationToken cancellationToken)
    {
        var text = command.WithCompiler(tree.Inputs.Toolchain.Command).Text;
        var request = new ProcessRequest("/bin/sh", ["-ec", text])
        {
            WorkingDirectory = root,
            OnLine = progress.Log,
            Environment = Toolchain.Environment,
        };
        progress.Log($"$ cd {root} && {text}");
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DiagnosticException(failure.At(Path.ChangeExtension(command.ObjectPath, ".c"), CompilerMessages.Select(result.Error + result.Output)));
        }

        ObjectProducer.Check(file, command.ObjectPath, tree.Inputs.Toolchain);
        return result.Error + result.Output;
    }
}

using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Compile;

/// <summary>
/// Compiles single objects as Kbuild does.
///
/// Every compile runs the command that Kbuild would, taken from the <see cref="CompileDatabase"/>: reading the makefiles takes longer
/// than compiling, and asked for a single object Kbuild takes the makefile of the object's own directory, which is the wrong one where
/// another directory's lists it (virt/kvm/kvm_main.o, all of amdgpu's display code). Only an original that does not compile so is
/// made by Kbuild itself, because it may need files that Kbuild makes first. A replay in the patched tree cannot differ from what
/// Kbuild would do, because the patch is not allowed to change makefiles or the configuration.
///
/// Functions and variables get sections of their own (-ffunction-sections -fdata-sections), which does not change the
/// code inside a function but for jumps between functions.
/// </summary>
public sealed partial class ObjectCompiler(
    WorkTree tree, CompileDatabase database, IProcessRunner runner, IBuildProgress progress) : IObjectCompiler
{
    private readonly KeptObjects _kept = new(tree, new DamageLog(progress).Add);

    /// <inheritdoc/>
    public string Root => tree.Root;

    /// <summary>The object of the unpatched source, from the cache when it is there.</summary>
    /// <exception cref="DiagnosticException">It is not built in this configuration (LP0324), is no part of the running kernel (LP0333),
    /// or does not compile (LP0322).</exception>
    public async Task<CompiledObject> OriginalAsync(string objectPath, CancellationToken cancellationToken)
    {
        var item = await database.FindAsync(objectPath, cancellationToken).ConfigureAwait(false)
            ?? throw new DiagnosticException(BuildDiagnostics.NotBuilt.At(
                Path.ChangeExtension(objectPath, ".c"), await new OwnerFinder(tree, database)
                    .WhyNotAsync(objectPath, cancellationToken)
                    .ConfigureAwait(false)));
        if (item.Owners.Count == 0)
        {
            throw new DiagnosticException(BuildDiagnostics.OutsideKernel.At(
                item.Source ?? objectPath, $"{item.Directory} builds {objectPath}, and it is linked into neither vmlinux nor a module."));
        }

        if (Cached(item) is { } cached)
        {
            return cached;
        }

        using var held = await CacheLock.TakeAsync(
            tree.Directory, () => progress.Stage("waiting for another klp-build on this kernel"), cancellationToken).ConfigureAwait(false);
        if (Cached(item) is null && item is { IsC: true, Command: not null })
        {
            progress.Stage($"compiling {objectPath} as it is");
            await ReplayOriginalAsync(item, cancellationToken).ConfigureAwait(false);
        }

        return Cached(item) ?? await MakeAsync(item, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The object compiled exactly as the kernel was: all functions in one section, as in the shipped image.</summary>
    /// <exception cref="DiagnosticException">It does not compile.</exception>
    public async Task<CompiledObject> ShippedAsync(CompiledObject original, CancellationToken cancellationToken)
    {
        var output = Path.ChangeExtension(original.File, ".shipped.o");
        var command = original.Command.Without(KbuildSettings.SectionFlags);
        if (_kept.CommandOf(output) != command.Text)
        {
            await ReplayToAsync(command, output, cancellationToken).ConfigureAwait(false);
        }

        return original with { File = output, Command = command };
    }

    /// <summary>The object of the patched source, compiled in an overlay of the tree.</summary>
    /// <param name="original">The original, whose command is replayed.</param>
    /// <param name="overlayRoot">The patched tree.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="DiagnosticException">It does not compile (LP0323, with the compiler's messages).</exception>
    public async Task<CompiledObject> PatchedAsync(CompiledObject original, string overlayRoot, CancellationToken cancellationToken)
    {
        var file = Path.Combine(overlayRoot, original.Path);
        var dependencies =
            Path.Combine(
                overlayRoot, Path.GetDirectoryName(original.Command.ObjectPath) ?? string.Empty, $".{Path.GetFileName(original.Path)}.d");
        var output =
            await ReplayAsync(original.Command, overlayRoot, file, dependencies, BuildDiagnostics.PatchedFails, cancellationToken)
                .ConfigureAwait(false);
        return original with { File = file, Warnings = CompilerMessages.Warnings(output) };
    }

    /// <summary>The object kept from an earlier run; null when there is none that was made by the right makefile.</summary>
    private CompiledObject? Cached(KbuildObject item)
    {
        var file = _kept.FileFor(item.Path);
        if (_kept.CommandOf(file) is not { } text)
        {
            return null;
        }

        var command = new CompileCommand(AskedFor(item), text);
        return command.MakesObject && command == command.WithoutLinkTimeObjtool()
            ? new CompiledObject(item.Path, file, command) { Owners = item.Owners }
            : null;
    }

    /// <summary>The object's path as Kbuild knows it, which may have "..".</summary>
    private static string AskedFor(KbuildObject item) => item.Command?.ObjectPath ?? item.Path;

    private async Task<CompiledObject> MakeAsync(KbuildObject item, CancellationToken cancellationToken)
    {
        progress.Stage($"making {item.Path}");
        var path = AskedFor(item);
        Forget(path);
        var result = await new KbuildMake(tree, runner, progress).RunAsync(tree.Root, [path], 1, cancellationToken).ConfigureAwait(false);
        return result.Succeeded && await KeepAsync(item, cancellationToken).ConfigureAwait(false) is { } kept
            ? kept
            : throw new DiagnosticException(Explain(path, result));
    }

    /// <summary>Puts what Kbuild made into the cache; null when it made nothing.</summary>
    private async Task<CompiledObject?> KeepAsync(KbuildObject item, CancellationToken cancellationToken)
    {
        var path = AskedFor(item);
        var made = Path.Combine(tree.Root, path);
        var commandFile = Path.Combine(tree.Root, CompileCommand.FileFor(path));
        if (!File.Exists(made) || !File.Exists(commandFile)
            || CompileCommand.TryParse(
                path, await File.ReadAllTextAsync(commandFile, cancellationToken).ConfigureAwait(false)) is not { } command)
        {
            return null;
        }

        ObjectProducer.Check(made, item.Path, tree.Inputs.Toolchain);
        var file = _kept.FileFor(item.Path);
        var asMade = command.WithCompiler(tree.Inputs.Toolchain.Program);
        command = asMade.WithoutLinkTimeObjtool();
        if (command == asMade)
        {
            _kept.Keep(made, file, command.Text, usesGenerated: true);
        }
        else
        {
            await ReplayToAsync(command, file, cancellationToken, usesGenerated: true).ConfigureAwait(false);
        }

        return new CompiledObject(item.Path, file, command) { Owners = item.Owners };
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
    private async Task<string> RunAsync(
        CompileCommand command, string root, string file, DiagnosticDescriptor failure, CancellationToken cancellationToken)
    {
        var text = command.WithCompiler(tree.Inputs.Toolchain.Command).Text;
        var request = new ProcessRequest("/bin/sh", ["-ec", text])
        {
            WorkingDirectory = root,
            OnLine = progress.Log,
            Environment = tree.ReplayEnvironment,
        };
        progress.Log($"$ cd {root} && {text}");
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DiagnosticException(
                failure.At(Path.ChangeExtension(command.ObjectPath, ".c"), CompilerMessages.Select(result.Error + result.Output)));
        }

        ObjectProducer.Check(file, command.ObjectPath, tree.Inputs.Toolchain);
        return result.Error + result.Output;
    }
}

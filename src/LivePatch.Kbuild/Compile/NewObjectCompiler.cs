using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Compile;

/// <summary>
/// Compiles a source the patch adds. No command is recorded for it, and one derived from a neighbour would carry that one's
/// own flags; so Kbuild is asked, in the patched tree, where the makefile knows the new object. The tree is one of links, and
/// Kbuild writes only beside the object, which is in a real directory.
/// </summary>
/// <param name="tree">The unpatched tree.</param>
/// <param name="runner">Runs make.</param>
/// <param name="progress">Told what is done.</param>
public sealed class NewObjectCompiler(WorkTree tree, IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>Compiles several objects with one make.</summary>
    /// <param name="objects">Paths in the tree.</param>
    /// <param name="overlayRoot">The patched tree; the objects' directories are real.</param>
    /// <param name="jobs">How many compilers at a time.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">One does not compile (LP0323), or Kbuild does not know it (LP0324).</exception>
    public async Task<IReadOnlyList<CompiledObject>> CompileAsync(
        IReadOnlyList<string> objects, string overlayRoot, int jobs, CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        progress.Stage(objects.Count == 1 ? $"compiling {objects[0]}, which is new" : $"compiling {objects.Count} new objects");
        var result =
            await new KbuildMake(tree, runner, progress).RunAsync(overlayRoot, objects, jobs, cancellationToken).ConfigureAwait(false);
        var output = result.Error + result.Output;
        return [.. objects.Select(path => Read(path, overlayRoot, result, output))];
    }

    private CompiledObject Read(string path, string overlayRoot, ProcessResult result, string output)
    {
        var file = Path.Combine(overlayRoot, path);
        var recorded = Path.Combine(overlayRoot, CompileCommand.FileFor(path));
        var source = Path.ChangeExtension(path, ".c");
        if (!File.Exists(file) || !File.Exists(recorded) || CompileCommand.TryParse(path, File.ReadAllText(recorded)) is not { } command)
        {
            throw new DiagnosticException(KbuildMake.HasNoRule(result, path)
                ? BuildDiagnostics.NotBuilt.At(source, $"Kbuild has no rule for {path}.")
                : BuildDiagnostics.PatchedFails.At(source, CompilerMessages.Select(output)));
        }

        ObjectProducer.Check(file, path, tree.Inputs.Toolchain);
        return new CompiledObject(
            path,
            file,
            command.WithCompiler(tree.Inputs.Toolchain.Program))
        {
            Warnings = [
                .. CompilerMessages.Warnings(output).Where(line => line.Contains(source, StringComparison.Ordinal))]
        };
    }
}

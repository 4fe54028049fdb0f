using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Emit;

namespace LivePatch.Pipeline.Passes;

/// <summary>Writes the module's sources and lets the kernel's own build link them.</summary>
internal static class LinkPass
{
    /// <summary>Links it.</summary>
    /// <returns>The linked .ko, which is not finished.</returns>
    /// <exception cref="DiagnosticException">It does not build (LP0327), or objtool complains.</exception>
    public static async Task<string> RunAsync(
        BuildRun run, KlpManifest manifest, TargetKernel target, string temporary, CancellationToken cancellationToken)
    {
        run.Progress.Stage($"linking {run.ModuleName}.ko");
        var work = Path.Combine(temporary, "module");
        ModuleDirectoryWriter.Write(manifest, work, target.HeadersDirectory, target.Compiler);
        var partlyUnused = run.Diagnostics.Where(static item => item.Id == DiffDiagnostics.EntryDropped.Id)
            .Select(static item => item.Location.Symbol)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return await new ModuleBuild(run.Runner, run.Progress)
            .RunAsync(work, run.ModuleName, target.HeadersDirectory, Toolchain.Of(target), partlyUnused, cancellationToken)
                .ConfigureAwait(false);
    }
}

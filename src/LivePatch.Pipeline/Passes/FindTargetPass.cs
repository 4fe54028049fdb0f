using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild;
using LivePatch.Kernel.Targets;
using LivePatch.Pipeline.Sources;

namespace LivePatch.Pipeline.Passes;

/// <summary>Finds the target kernel, which must have no module of the livepatch's name.</summary>
internal static class FindTargetPass
{
    /// <summary>Finds it.</summary>
    /// <exception cref="DiagnosticException">It is not there as a whole, or has the name (LP02xx, LP0383).</exception>
    public static async Task<TargetKernel> RunAsync(BuildRun run, ISourceUnderPatch source, CancellationToken cancellationToken)
    {
        run.Progress.Stage("finding the target kernel");
        var found = await TargetKernelFinder.FindAsync(source.Target, run.Runner, run.Diagnostics, cancellationToken).ConfigureAwait(false)
            ?? throw run.Failure();
        if (KernelModuleNames.Read(found.ModulesDirectory).Contains(KernelModuleNames.Normal(run.ModuleName)))
        {
            throw new DiagnosticException(BuildDiagnostics.NameTaken.Anywhere(
                $"Kernel {found.Release} has {run.ModuleName}: it is one of its modules, or built in."));
        }

        run.Result = run.Result with { Release = found.Release };
        return found;
    }
}

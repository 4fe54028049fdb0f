using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild;
using LivePatch.Module.Emit;

namespace LivePatch.Pipeline.Passes;

/// <summary>The module's name must be one that the kernel and make take.</summary>
internal static class NamePass
{
    /// <summary>Checks it.</summary>
    /// <exception cref="DiagnosticException">It cannot be used (LP0329).</exception>
    public static void Run(BuildRun run)
    {
        if (ModuleNameRules.Objection(run.ModuleName) is { } objection)
        {
            throw new DiagnosticException(BuildDiagnostics.BadName.Anywhere($"'{run.ModuleName}' {objection}."));
        }

        run.Result = run.Result with { ModuleName = run.ModuleName };
    }
}

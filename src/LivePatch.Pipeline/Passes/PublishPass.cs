using LivePatch.Core.IO;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Emit;

namespace LivePatch.Pipeline.Passes;

/// <summary>Puts the module and its sources where the user wants them.</summary>
internal static class PublishPass
{
    /// <summary>Puts them there.</summary>
    public static void Run(BuildRun run, KlpManifest manifest, TargetKernel target, byte[] finished)
    {
        var sources = Path.Combine(run.Options.Output, run.ModuleName);
        var module = Path.Combine(run.Options.Output, run.ModuleName + ".ko");
        ModuleDirectoryWriter.Write(manifest, sources, target.HeadersDirectory, target.Compiler);
        AtomicFile.Write(module, finished);
        run.Result = run.Result with { ModulePath = module, SourceDirectory = sources };
    }
}

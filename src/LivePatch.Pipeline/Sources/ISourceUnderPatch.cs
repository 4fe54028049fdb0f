using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Target;

namespace LivePatch.Pipeline.Sources;

/// <summary>The source a patch is for: the kernel's own, or that of a module built outside its tree.</summary>
internal interface ISourceUnderPatch
{
    /// <summary>What to look for as the target.</summary>
    TargetKernelOptions Target { get; }

    /// <summary>Modules of the target that are not among its own.</summary>
    AdditionalModules Additional { get; }

    /// <summary>Makes a tree of the source in which objects can be compiled.</summary>
    /// <param name="target">The target.</param>
    /// <param name="cache">Where trees are kept.</param>
    /// <param name="temporary">A directory that goes with the build.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DiagnosticException">The source is not what it must be, or cannot be copied.</exception>
    Task<ISourceTree> PrepareAsync(TargetKernel target, CacheDirectory cache, string temporary, CancellationToken cancellationToken);
}

namespace LivePatch.Pipeline;

/// <summary>A module built outside the kernel tree that is to be patched.</summary>
/// <param name="SourceDirectory">Its source; the patch's paths are relative to it.</param>
/// <param name="ModuleFiles">The modules as the target loads them: those to patch, and out-of-tree ones they depend on.</param>
/// <param name="MakeArguments">What make needs to build it, one argument each.</param>
public sealed record OutOfTreeOptions(string SourceDirectory, IReadOnlyList<string> ModuleFiles, IReadOnlyList<string> MakeArguments);

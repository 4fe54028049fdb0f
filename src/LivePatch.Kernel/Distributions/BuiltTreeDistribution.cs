using LivePatch.Kernel.Architecture;

namespace LivePatch.Kernel.Distributions;

/// <summary>A kernel that nobody packaged: every part lies in the tree it was built in.</summary>
/// <param name="tree">The tree.</param>
/// <param name="modules">Where the modules were installed; null for those in the tree.</param>
public sealed class BuiltTreeDistribution(BuiltTree tree, string? modules) : GenericDistribution
{
    /// <inheritdoc/>
    public override string Name => $"the tree {tree.Build}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> InstalledReleases() => tree.Release is { } release ? [release] : [];

    /// <inheritdoc/>
    public override string? FindHeaders(string release) => tree.Build;

    /// <inheritdoc/>
    public override string? FindConfig(string release) => Existing(".config");

    /// <inheritdoc/>
    public override string? FindImage(string release) => Existing("vmlinux");

    /// <inheritdoc/>
    public override string? FindBootImage(string release) =>
        Architectures.All.Select(static architecture => architecture.Image.BootImagePath).Select(Existing)
            .FirstOrDefault(static found => found is not null)
        ?? FindImage(release);

    /// <inheritdoc/>
    public override string? FindModules(string release) => modules ?? tree.Build;

    /// <inheritdoc/>
    public override string? FindSource(string release) => tree.Source;

    /// <inheritdoc/>
    public override string HowToInstall(KernelPart part, string release, string? packageVersion = null) =>
        $"Build the kernel there, whole: {Make} (its vmlinux, modules and Module.symvers must be of one build).";

    /// <inheritdoc/>
    public override string HowToInstallAny() => $"Build the kernel first: {Make}";

    private string Make => tree.IsOutOfTree ? $"make -C {tree.Source} O={tree.Build}" : $"make -C {tree.Source}";

    private string? Existing(string file) => Path.Combine(tree.Build, file) is var path && File.Exists(path) ? path : null;
}

namespace LivePatch.Kernel.Distributions;

/// <summary>The distributions known.</summary>
public static class KernelDistributions
{
    /// <summary>Names of directories at the top of a source that hold how a distribution packages it.</summary>
    public static IReadOnlyList<string> PackagingDirectories { get; } = ["debian"];

    /// <summary>The one that is installed below a root.</summary>
    public static IKernelDistribution Detect(string root = "/") =>
        DebianDistribution.IsInstalledAt(root) ? new DebianDistribution(root) : new GenericDistribution(root);
}

namespace LivePatch.Kernel.Distributions;

/// <summary>The distributions known.</summary>
public static class KernelDistributions
{
    /// <summary>The one that is installed below a root.</summary>
    public static IKernelDistribution Detect(string root = "/") =>
        DebianDistribution.IsInstalledAt(root) ? new DebianDistribution(root) : new GenericDistribution(root);
}

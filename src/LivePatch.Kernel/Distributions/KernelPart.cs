namespace LivePatch.Kernel.Distributions;

/// <summary>What a distribution has a package for.</summary>
public enum KernelPart
{
    /// <summary>The kernel image and its modules.</summary>
    Image,

    /// <summary>The build directory for external modules.</summary>
    Headers,

    /// <summary>The source the kernel was built from.</summary>
    Source,
}
